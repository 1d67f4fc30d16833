import Database from 'better-sqlite3'
import type { Millis } from '#core/base'
import { RelayError } from '../errors.ts'
import { backUp } from './backup.ts'
import { linkRows } from './links.ts'
import { messageRows } from './messages.ts'
import { noticeRows } from './notices.ts'
import { queueRows } from './queues.ts'
import { migrate } from './schema.ts'

/**
 * The relay's own file. Everything is a prepared statement on an indexed row, loaded when a command asks for it:
 * a queue that nobody uses costs no memory. Of the last few in use something is kept: `recent.ts`.
 */
export interface RelayStore {
  readonly queues: ReturnType<typeof queueRows>
  readonly messages: ReturnType<typeof messageRows>
  readonly links: ReturnType<typeof linkRows>
  readonly notices: ReturnType<typeof noticeRows>
  meta(key: string): string | null
  setMeta(key: string, value: string): void
  /** One transaction; it is on disk when this returns. */
  transaction<T>(fn: () => T): T
  /** Part of a transaction that is undone alone when `fn` throws. */
  part<T>(fn: () => T): T
  /** Something failed half-way: what is known of the file is read from it again. */
  forget(): void
  /** What keeps the promises of the file, for a test to check. */
  settings(): Readonly<Record<'synchronous' | 'secure_delete' | 'foreign_keys', unknown>>
  /** See `backUp`. */
  backup(path: string, signal: AbortSignal): Promise<void>
  close(): void
}

/** A message of 16 KiB takes two pages more than its row; rows of queues, which are small, make larger ones a waste. */
const PAGE_SIZE = 8_192
/** Pages of WAL before they are copied into the file: 32 MiB, so that a flood of messages is not copied every few commits. */
const CHECKPOINT_PAGES = 4_000
/** Bytes to which the WAL shrinks after that. */
const WAL_SIZE = 64 * 1024 * 1024
/** A killed relay's lock is gone at once; this is for one that is still closing. */
const BUSY_TIMEOUT = 2_000

/** Throws `RelayError`. */
export function openRelayStore(path: string, now: Millis): RelayStore {
  try {
    const db = new Database(path, { timeout: BUSY_TIMEOUT })
    try {
      configure(db)
      const { newer } = migrate(db, now)
      if (newer !== null)
        throw new RelayError('relay.newer', 'the queues were written by a newer version', { version: newer })
      return build(db)
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw asRelayError(error)
  }
}

/** `synchronous=FULL`: with the WAL's default an answered SEND can be lost when power fails. */
function configure(db: Database.Database): void {
  // For a new file only.
  db.pragma(`page_size = ${PAGE_SIZE}`)
  db.pragma('locking_mode = EXCLUSIVE')
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('secure_delete = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma('temp_store = MEMORY')
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  db.pragma(`journal_size_limit = ${WAL_SIZE}`)
}

function build(db: Database.Database): RelayStore {
  const getMeta = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?')
  const putMeta = db.prepare<[string, string]>('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
  const begin = db.prepare('BEGIN')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const save = db.prepare('SAVEPOINT part')
  const release = db.prepare('RELEASE part')
  const undo = db.prepare('ROLLBACK TO part')
  const tables = {
    queues: queueRows(db),
    messages: messageRows(db),
    links: linkRows(db),
    notices: noticeRows(db),
  }
  const forget = (): void => {
    for (const each of [tables.queues, tables.messages, tables.links]) each.forget()
  }
  return {
    ...tables,
    forget,
    meta: (key) => getMeta.get(key)?.value ?? null,
    setMeta: (key, value) => void putMeta.run(key, value),
    transaction(fn) {
      begin.run()
      try {
        const result = fn()
        commit.run()
        return result
      } catch (error) {
        forget()
        // A full disk may have rolled back already.
        if (db.inTransaction) rollback.run()
        throw asRelayError(error)
      }
    },
    part(fn) {
      save.run()
      try {
        const result = fn()
        release.run()
        return result
      } catch (error) {
        forget()
        if (db.inTransaction) {
          undo.run()
          release.run()
        }
        throw asRelayError(error)
      }
    },
    settings: () => ({
      synchronous: db.pragma('synchronous', { simple: true }),
      secure_delete: db.pragma('secure_delete', { simple: true }),
      foreign_keys: db.pragma('foreign_keys', { simple: true }),
    }),
    async backup(path, signal) {
      try {
        await backUp(db, path, signal)
      } catch (error) {
        throw asRelayError(error)
      }
    },
    close: () => void db.close(),
  }
}

function asRelayError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  return new RelayError('relay.store', 'the database failed', { reason: error.code }, { cause: error })
}
