import { randomInt } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StoreError } from './errors.ts'

/** "Dupl", in the header of every database that begins here: an empty one of ours is told from an emptied one. */
const APPLICATION_ID = 0x44_75_70_6c

/** Where a page 1 holds the number that `markDatabase` wrote. fileformat2, "The Database Header" */
const MARK_AT = 60
/** Of a write-ahead log: its own header, and the one before each page. fileformat2, "The WAL File Format" */
const WAL_HEADER = 32
const FRAME_HEADER = 24

/**
 * What stands in the place of the database decides before anything is written. Only where there is nothing at all a new
 * one is begun; whatever else is no database of ours is refused as it is: `store.corrupt`, `store.missing`.
 */
export function settleFile(path: string): void {
  if (!isThere(path)) {
    const left = ['-wal', '-journal'].find((end) => existsSync(path + end))
    if (left !== undefined)
      throw new StoreError('store.missing', 'the database is gone, what belongs to it is there', { left })
    begin(path)
    return
  }
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new StoreError('store.missing', 'the database leads to a place where nothing is')
  if (!stat.isFile())
    throw new StoreError('store.corrupt', 'no file is in its place', { reason: 'not-a-file' })
  if (stat.size === 0) throw new StoreError('store.corrupt', 'the file is empty', { reason: 'empty' })
  requireOwnJournal(path)
}

/**
 * SQLite takes any journal beside a database for its own, and the data of another folder would take the place of what is
 * here. Both hold the database's number where they hold its first page, with which our journals begin.
 */
function requireOwnJournal(path: string): void {
  const journal = `${path}-wal`
  if ((statSync(journal, { throwIfNoEntry: false })?.size ?? 0) <= WAL_HEADER) return
  const own = openSync(path, 'r')
  const wal = openSync(journal, 'r')
  try {
    const mark = numberAt(own, MARK_AT)
    const inJournal = markIn(wal)
    if (mark !== 0 && inJournal !== null && inJournal !== 0 && mark !== inJournal)
      throw new StoreError('store.corrupt', 'the journal is of another database', {
        reason: 'foreign-journal',
      })
  } finally {
    closeSync(own)
    closeSync(wal)
  }
}

/** In the first copy of page 1 that the log has; null: in none. */
function markIn(wal: number): number | null {
  const pageSize = numberAt(wal, 8)
  if (pageSize < 512 || pageSize > 65_536) return null
  const header = new Uint8Array(FRAME_HEADER)
  for (let at = WAL_HEADER; readSync(wal, header, 0, FRAME_HEADER, at) === FRAME_HEADER;) {
    const page = new DataView(header.buffer).getUint32(0)
    if (page === 1) return numberAt(wal, at + FRAME_HEADER + MARK_AT)
    at += FRAME_HEADER + pageSize
  }
  return null
}

function numberAt(file: number, at: number): number {
  const bytes = new Uint8Array(4)
  return readSync(file, bytes, 0, 4, at) === 4 ? new DataView(bytes.buffer).getUint32(0) : 0
}

/** At every start, so that the journal of this run begins with page 1 and with the number of this database. */
export function markDatabase(db: Database.Database): void {
  const mark = Number(db.pragma('user_version', { simple: true }))
  try {
    db.pragma(`user_version = ${mark === 0 ? randomInt(1, 2 ** 31) : mark}`)
  } catch (error) {
    // On a full disk the data can still be read, and a journal without its number is taken as it is.
    if (!(error instanceof Database.SqliteError && error.code === 'SQLITE_FULL')) throw error
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Under another name first: a start that is cut short leaves no empty file, which would look like a loss. */
function begin(path: string): void {
  const fresh = `${path}.new`
  rmSync(fresh, { force: true })
  try {
    closeSync(openSync(fresh, 'wx', 0o600))
    const db = new Database(fresh)
    try {
      db.pragma(`application_id = ${APPLICATION_ID}`)
      markDatabase(db)
      db.pragma('journal_mode = WAL')
    } finally {
      db.close()
    }
    renameSync(fresh, path)
    keepName(dirname(path))
  } catch (error) {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(fresh + end, { force: true })
    throw error
  }
}

/** The new name is on disk too, where the system lets a folder be opened. */
function keepName(folder: string): void {
  try {
    const handle = openSync(folder, 'r')
    fsyncSync(handle)
    closeSync(handle)
  } catch {
    // Windows has no such thing
  }
}

/**
 * Whether the opened file is one of ours, and of a version that this program knows. It only reads: a file that is
 * refused stays byte for byte. Call before anything is set that is kept in the file. Answers with the steps of the schema
 * that it has.
 */
export function inspect(db: Database.Database, known: ReadonlySet<number>): ReadonlySet<number> {
  const tables = db
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`)
    .all()
    .map((row) => row.name)
  if (tables.length === 0) {
    if (db.pragma('application_id', { simple: true }) === APPLICATION_ID) return new Set()
    throw new StoreError('store.corrupt', 'the database is empty', { reason: 'empty' })
  }
  if (!tables.includes('schema_migration'))
    throw new StoreError('store.foreign', 'another program made this database', { tables: tables.length })
  const applied = db.prepare<[], { version: number }>('SELECT version FROM schema_migration').all()
  const stranger = applied.find((row) => !known.has(row.version))
  if (stranger) {
    throw new StoreError('store.newer', 'the data was written by a newer version', {
      version: stranger.version,
      known: Math.max(...known),
    })
  }
  return new Set(applied.map(({ version }) => version))
}

/** Every column of every table, as `table.column`. */
export function columnsOf(db: Database.Database): readonly string[] {
  return db
    .prepare<[], { name: string }>(
      `SELECT t.name || '.' || c.name AS name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'`,
    )
    .all()
    .map((row) => row.name)
}

/** A file that lacks some of them was changed by somebody else, or lost a part: nothing is begun in it. */
export function requireColumns(db: Database.Database, wanted: readonly string[]): void {
  const there = new Set(columnsOf(db))
  const missing = wanted.filter((name) => !there.has(name)).length
  if (missing > 0) throw new StoreError('store.corrupt', 'a part of the database is missing', { missing })
}
