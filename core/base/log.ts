import type { Facts } from './errors.ts'

/**
 * Structured log: an event name and facts. Texts, names, links, keys and whole addresses are never facts;
 * ids are shortened by `shortId` before they get here.
 */
export interface Log {
  debug(event: string, facts?: Facts): void
  info(event: string, facts?: Facts): void
  warn(event: string, facts?: Facts): void
  error(event: string, facts?: Facts): void
  child(room: string): Log
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
}

/** Last three characters, so that lines still correlate and nothing can be looked up by them. */
export function shortId(id: string): string {
  return `…${id.slice(-3)}`
}
