import type { Facts, Log } from '#core/base'

/* Logs go to stderr, one JSON object a line, so that stdout stays the contract's. */

type Level = 'debug' | 'info' | 'warn' | 'error'
const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** Longest value of a fact that is written: codes and hosts are shorter, texts of people are not. */
const MAX_FACT = 120
/** What must not be in a log even by mistake: links, relay addresses with their fingerprint, long key material. */
const SECRET = /simplex:|duplex:|smp:\/\/|#\/\?|[A-Za-z0-9+/_-]{40,}/

export function stderrLog(minimum: Level = 'info', write: (line: string) => void = toStderr): Log {
  const from = LEVELS.indexOf(minimum)
  const make = (room: string): Log => {
    const at =
      (level: Level) =>
      (event: string, facts: Facts = {}): void => {
        if (LEVELS.indexOf(level) < from) return
        write(
          `${JSON.stringify({ time: new Date().toISOString(), level, room, event, ...redacted(facts) })}\n`,
        )
      }
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (name) => make(room === '' ? name : `${room}.${name}`),
    }
  }
  return make('')
}

function toStderr(line: string): void {
  process.stderr.write(line)
}

function redacted(facts: Facts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' ? redactedText(value) : value,
    ]),
  )
}

function redactedText(value: string): string {
  if (SECRET.test(value)) return '[redacted]'
  return value.length > MAX_FACT ? `${value.slice(0, MAX_FACT)}…` : value
}
