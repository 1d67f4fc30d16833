import type { Database } from 'better-sqlite3'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { RelayError } from '../errors.ts'

/** Pages copied before commands have their turn again: 1 MiB, a few milliseconds. */
const PAGES_PER_STEP = 256

/**
 * A copy of the whole database as it stands when this resolves, made while it is in use: what is written meanwhile by
 * this connection, the only one there is, goes into the copy as well. The file appears under its name when it is
 * complete and on disk; what stood there before stays until then. Rejects when `signal` is aborted.
 */
export async function backUp(db: Database, path: string, signal: AbortSignal): Promise<void> {
  if (db.memory) throw new RelayError('relay.backup', 'this relay keeps nothing')
  const source = statSync(db.name)
  const target = statSync(path, { throwIfNoEntry: false })
  if (target?.isDirectory() || (target?.ino === source.ino && target.dev === source.dev))
    throw new RelayError('relay.backup', 'a backup needs a file of its own')
  const draft = `${path}.part`
  rmSync(draft, { force: true })
  // Made here, so that nobody else can read it: it holds what relays owe to their users.
  closeSync(openSync(draft, 'wx', 0o600))
  try {
    await db.backup(draft, {
      progress() {
        signal.throwIfAborted()
        return PAGES_PER_STEP
      },
    })
    const file = openSync(draft, 'r+')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    rmSync(`${draft}-journal`, { force: true })
    throw error
  }
}
