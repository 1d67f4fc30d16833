import Database from 'better-sqlite3'
import type { Clock, Log } from '#core/base'
import { StoreError, asStoreError } from './errors.ts'
import { columnsOf, inspect, markDatabase, requireColumns, settleFile } from './file.ts'
import { GroupCommit } from './group.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrate.ts'
import type { Sql, SqlValue } from './sql.ts'

/** Reading. The type argument names the row; rows are mapped once, in the repository file that asks. */
export interface ReadDb {
  get<Row extends object>(query: Sql): Row | undefined
  all<Row extends object>(query: Sql): Row[]
}

/** A write transaction. It ends with the function that got it: keeping it for later throws. */
export interface WriteTx extends ReadDb {
  run(query: Sql): { changes: number; lastId: number }
  /** Runs `fn` after the outermost commit, in the order of registration; never after a rollback. It must not throw. */
  afterCommit(fn: () => void): void
}

export interface Store {
  /**
   * One transaction: all of `fn` is durable when `write` returns, or none of it happened and `write` throws what `fn` threw.
   * `fn` is synchronous. A call inside another one belongs to the outer transaction; if it throws and the outer one
   * catches that, only the inner part is undone.
   */
  write<T>(fn: (tx: WriteTx) => T): T
  /**
   * The same, in one transaction with whatever else comes at this moment: `fn` runs soon, not now, in the order of the calls.
   * Resolves when it is durable.
   */
  writeSoon<T>(fn: (tx: WriteTx) => T): Promise<T>
  /** Inside `write` this sees what has been written so far. */
  read<T>(fn: (db: ReadDb) => T): T
  close(): void
}

export interface StoreOptions {
  readonly log: Log
  readonly clock: Clock
  readonly migrations: readonly Migration[]
  /**
   * For tests of crashes: called right after each outermost commit with its number, before any `afterCommit`.
   * If it throws, the store is dead from then on, as if the process had been killed at that instant.
   */
  readonly onCommitted?: (count: number) => void
  /** The file or its disk failed, in a transaction or a read that throws the same; broken constraints are no such thing. */
  readonly onFault?: (error: StoreError) => void
}

/**
 * After a commit the journal is emptied into the file within this time, ms: what was deleted or written over stays readable in
 * it until then. Ours: well within a second, and at most twice a second however much is written.
 */
const JOURNAL_KEPT = 400

/** How long to wait for another process that still lets go of the file, ms. Ours: a killed core's lock is gone at once. */
const BUSY_TIMEOUT = 2_000

export function openStore(path: string, options: StoreOptions): Store {
  try {
    const lasting = path !== ':memory:'
    if (lasting) settleFile(path)
    const db = new Database(path, { timeout: BUSY_TIMEOUT, fileMustExist: lasting })
    try {
      db.pragma('locking_mode = EXCLUSIVE')
      if (lasting) {
        const applied = inspect(db, new Set(options.migrations.map(({ version }) => version)))
        if (applied.size > 0) requireColumns(db, schemaAfter(applied, options))
      }
      configure(db)
      markDatabase(db)
      const store = new SqliteStore(db, options)
      migrate((fn) => store.write(fn), options.migrations, options.clock)
      return store
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw asStoreError(error)
  }
}

/** What a database is made of after those steps. */
function schemaAfter(applied: ReadonlySet<number>, options: StoreOptions): readonly string[] {
  const { log, clock, migrations } = options
  const db = new Database(':memory:')
  try {
    const model = new SqliteStore(db, { log, clock, migrations })
    const done = migrations.filter(({ version }) => applied.has(version))
    migrate((fn) => model.write(fn), done, clock)
    const columns = columnsOf(db)
    model.close()
    return columns
  } finally {
    db.close()
  }
}

/**
 * `synchronous=FULL`: in WAL mode the default loses acknowledged commits when power fails, and an ACK deletes the
 * relay's only copy. `locking_mode=EXCLUSIVE`: a second process on the same file would use ratchet keys twice.
 */
function configure(db: Database.Database): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('secure_delete = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma('temp_store = MEMORY')
  db.exec('BEGIN IMMEDIATE; COMMIT') // takes the exclusive lock now, not at the first write
}

type Level = { callbacks: (() => void)[]; open: boolean }

class SqliteStore implements Store {
  readonly #db: Database.Database
  readonly #log: Log
  readonly #onCommitted: ((count: number) => void) | undefined
  readonly #onFault: ((error: StoreError) => void) | undefined
  readonly #statements = new Map<string, Database.Statement<unknown[]>>()
  readonly #levels: Level[] = []
  readonly #group: GroupCommit
  readonly #clock: Clock
  /** Null: nothing has been written since the journal was emptied. */
  #cancelEmptying: (() => void) | null = null
  #commits = 0
  #dead = false

  constructor(db: Database.Database, options: StoreOptions) {
    this.#db = db
    this.#log = options.log
    this.#onCommitted = options.onCommitted
    this.#onFault = options.onFault
    this.#clock = options.clock
    this.#group = new GroupCommit(
      (fn) => this.write(fn),
      () => db.open && db.inTransaction,
    )
  }

  write<T>(fn: (tx: WriteTx) => T): T {
    this.#checkAlive()
    const outermost = this.#levels.length === 0
    const savepoint = `level_${this.#levels.length}`
    const level: Level = { callbacks: [], open: true }
    try {
      this.#exec(outermost ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${savepoint}`)
    } catch (error) {
      throw this.#told(error)
    }
    this.#levels.push(level)
    let result: T
    try {
      result = fn(this.#transaction(level))
      if (isPromise(result)) {
        result.then(undefined, () => {}) // its failure is not news: the rollback is
        throw new StoreError('store.async', 'a transaction function must be synchronous')
      }
      this.#exec(outermost ? 'COMMIT' : `RELEASE ${savepoint}`)
    } catch (error) {
      this.#levels.pop()
      level.open = false
      this.#undo(outermost ? null : savepoint)
      throw this.#told(error)
    }
    this.#levels.pop()
    level.open = false
    if (outermost) this.#afterCommit(level.callbacks)
    else this.#levels.at(-1)!.callbacks.push(...level.callbacks)
    return result
  }

  async writeSoon<T>(fn: (tx: WriteTx) => T): Promise<T> {
    this.#checkAlive()
    return this.#group.add(fn)
  }

  read<T>(fn: (db: ReadDb) => T): T {
    this.#checkAlive()
    try {
      return fn({ get: (query) => this.#get(query), all: (query) => this.#all(query) })
    } catch (error) {
      throw this.#told(error)
    }
  }

  close(): void {
    this.#dead = true
    this.#cancelEmptying?.()
    this.#statements.clear()
    this.#db.close()
  }

  #afterCommit(callbacks: readonly (() => void)[]): void {
    this.#commits += 1
    this.#cancelEmptying ??= this.#clock.after(JOURNAL_KEPT, () => this.#emptyJournal())
    try {
      this.#onCommitted?.(this.#commits)
    } catch (error) {
      this.close()
      throw error
    }
    for (const callback of callbacks) {
      try {
        callback()
      } catch (error) {
        this.#log.error('store.after-commit-failed', {
          name: error instanceof Error ? error.name : 'unknown',
        })
      }
    }
  }

  #emptyJournal(): void {
    this.#cancelEmptying = null
    if (this.#dead) return
    try {
      this.#db.pragma('wal_checkpoint(TRUNCATE)')
      // The next one begins with page 1 again, by which it is known whose journal it is.
      markDatabase(this.#db)
    } catch (error) {
      // A full disk, for example: the next commit tries again.
      this.#log.warn('store.journal-kept', { code: (error as { code?: string }).code ?? 'unknown' })
    }
  }

  #transaction(level: Level): WriteTx {
    const check = (): void => {
      if (!level.open) throw new StoreError('store.closed', 'this transaction has ended')
    }
    return {
      get: (query) => (check(), this.#get(query)),
      all: (query) => (check(), this.#all(query)),
      run: (query) => {
        check()
        const { changes, lastInsertRowid } = this.#prepared(query).run(...query.params)
        return { changes, lastId: Number(lastInsertRowid) }
      },
      afterCommit: (fn) => {
        check()
        level.callbacks.push(fn)
      },
    }
  }

  #undo(savepoint: string | null): void {
    if (!this.#db.inTransaction) return // SQLite has rolled back by itself, for example on a full disk
    this.#exec(savepoint === null ? 'ROLLBACK' : `ROLLBACK TO ${savepoint}`)
    if (savepoint !== null) this.#exec(`RELEASE ${savepoint}`)
  }

  #told(error: unknown): unknown {
    const known = asStoreError(error)
    if (known !== error && known instanceof StoreError) this.#onFault?.(known)
    return known
  }

  #get<Row extends object>(query: Sql): Row | undefined {
    const row = this.#prepared(query).get(...query.params) as Row | undefined
    return row && plain(row)
  }

  #all<Row extends object>(query: Sql): Row[] {
    return (this.#prepared(query).all(...query.params) as Row[]).map(plain)
  }

  #exec(text: string): void {
    this.#prepared({ text, params: [] }).run()
  }

  #prepared(query: Sql): Database.Statement<unknown[]> {
    this.#checkAlive()
    let statement = this.#statements.get(query.text)
    if (!statement) {
      statement = this.#db.prepare<unknown[]>(query.text)
      this.#statements.set(query.text, statement)
    }
    return statement
  }

  #checkAlive(): void {
    if (this.#dead) throw new StoreError('store.closed', 'the store is closed')
  }
}

/** Blobs as plain `Uint8Array`: a `Buffer` has another `slice` and would surprise whoever gets it. */
function plain<Row extends object>(row: Row): Row {
  const values = row as Record<string, SqlValue>
  for (const name in values) {
    const value = values[name]
    if (value instanceof Uint8Array) {
      values[name] = new Uint8Array(value.buffer, value.byteOffset, value.length)
    }
  }
  return row
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value
}
