import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import { StoreError, migrations, openStore, sql, type Migration, type Store, type WriteTx } from '#core/store'

const notes: Migration = {
  version: 10,
  name: 'notes',
  up: (tx) => void tx.run(sql`CREATE TABLE note (text TEXT NOT NULL, data BLOB) STRICT`),
}

let folder: string
let path: string
const open: Store[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'duplex-store-'))
  path = join(folder, 'test.db')
})
afterEach(() => {
  for (const store of open.splice(0)) store.close()
  rmSync(folder, { recursive: true, force: true })
})

function openTest(list: readonly Migration[] = [notes], onCommitted?: (count: number) => void): Store {
  const store = openStore(path, {
    log: silentLog,
    clock: systemClock,
    migrations: list,
    ...(onCommitted ? { onCommitted } : {}),
  })
  open.push(store)
  return store
}

const add = (tx: WriteTx, text: string): unknown => tx.run(sql`INSERT INTO note (text) VALUES (${text})`)
const texts = (store: Store): string[] =>
  store
    .read((db) => db.all<{ text: string }>(sql`SELECT text FROM note ORDER BY rowid`))
    .map((row) => row.text)
const codeOf = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error instanceof StoreError ? error.code : error
  }
  return undefined
}

describe('opening', () => {
  test('sets the pragmas on which durability and secrecy stand', () => {
    const store = openTest()
    const pragma = (name: string): unknown =>
      Object.values(
        store.read((db) => db.get<Record<string, unknown>>({ text: `PRAGMA ${name}`, params: [] }))!,
      )[0]
    expect(pragma('journal_mode')).toBe('wal')
    expect(pragma('synchronous')).toBe(2)
    expect(pragma('foreign_keys')).toBe(1)
    expect(pragma('secure_delete')).toBe(1)
  })

  test('makes only STRICT tables', () => {
    const store = openTest(migrations)
    const loose = store.read((db) =>
      db.all<{ name: string }>(
        sql`SELECT name FROM pragma_table_list WHERE strict = 0 AND schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
      ),
    )
    expect(loose).toEqual([])
  })

  test('refuses a file that another process has open', () => {
    openTest()
    expect(codeOf(() => openTest())).toBe('store.locked')
  })

  test('refuses a file that is not a database', () => {
    rmSync(path, { force: true })
    const other = new Database(join(folder, 'other.db'))
    other.close()
    path = join(import.meta.dirname, 'store.test.ts')
    expect(codeOf(() => openTest())).toBe('store.corrupt')
  })
})

describe('migrations', () => {
  test('run once each, in the order of their versions', () => {
    const ran: number[] = []
    const step = (version: number): Migration => ({
      version,
      name: `n${version}`,
      // in the file; what the file has to hold is found out in a database of its own, in memory
      up: (tx) => {
        const [main] = tx.all<{ file: string }>(
          sql`SELECT file FROM pragma_database_list WHERE name = 'main'`,
        )
        if (main?.file !== '') ran.push(version)
      },
    })
    openTest([step(20), step(10)]).close()
    openTest([step(30), step(10), step(20)]).close()
    expect(ran).toEqual([10, 20, 30])
  })

  test('leave nothing behind when one fails, and run it again next time', () => {
    const failing: Migration = {
      version: 20,
      name: 'fails',
      up(tx) {
        add(tx, 'half')
        throw new Error('on purpose')
      },
    }
    expect(() => openTest([notes, failing])).toThrow('on purpose')
    const store = openTest([notes, { ...failing, up: (tx) => void add(tx, 'whole') }])
    expect(texts(store)).toEqual(['whole'])
  })

  test('a schema of a later version is refused untouched', () => {
    const later: Migration = { version: 20, name: 'later', up: (tx) => void add(tx, 'later') }
    openTest([notes, later]).close()
    expect(codeOf(() => openTest([notes]))).toBe('store.newer')
    expect(texts(openTest([notes, later]))).toEqual(['later'])
  })
})

describe('transactions', () => {
  test('a throw undoes everything and drops what was to happen after the commit', () => {
    const store = openTest()
    const seen: string[] = []
    expect(() =>
      store.write((tx) => {
        add(tx, 'a')
        tx.afterCommit(() => seen.push('a'))
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(texts(store)).toEqual([])
    expect(seen).toEqual([])
  })

  test('callbacks run in order, after the outermost commit', () => {
    const store = openTest()
    const seen: string[] = []
    store.write((tx) => {
      tx.afterCommit(() => seen.push(`first sees ${texts(store).length}`))
      store.write((inner) => {
        add(inner, 'a')
        inner.afterCommit(() => seen.push('second'))
      })
      add(tx, 'b')
      tx.afterCommit(() => seen.push('third'))
      expect(seen).toEqual([])
    })
    expect(seen).toEqual(['first sees 2', 'second', 'third'])
  })

  test('an inner call that fails and is caught undoes only itself', () => {
    const store = openTest()
    const seen: string[] = []
    store.write((tx) => {
      add(tx, 'outer')
      expect(() =>
        store.write((inner) => {
          add(inner, 'inner')
          inner.afterCommit(() => seen.push('inner'))
          throw new Error('inner')
        }),
      ).toThrow('inner')
      tx.afterCommit(() => seen.push('outer'))
    })
    expect(texts(store)).toEqual(['outer'])
    expect(seen).toEqual(['outer'])
  })

  test('a callback may write again, and one that throws does not stop the others', () => {
    const store = openTest()
    const seen: string[] = []
    store.write((tx) => {
      tx.afterCommit(() => {
        throw new Error('bug')
      })
      tx.afterCommit(() => store.write((next) => void add(next, 'later')))
      tx.afterCommit(() => seen.push('end'))
    })
    expect(texts(store)).toEqual(['later'])
    expect(seen).toEqual(['end'])
  })

  test('an asynchronous function is refused, and a transaction kept for later is dead', async () => {
    const store = openTest()
    expect(codeOf(() => store.write(async (tx) => void add(tx, 'a')))).toBe('store.async')
    expect(texts(store)).toEqual([])
    const kept = store.write((tx) => tx)
    expect(codeOf(() => add(kept, 'late'))).toBe('store.closed')
    await Promise.resolve()
  })

  test('values never become SQL, fragments keep their parameters, blobs come back as plain bytes', () => {
    const store = openTest()
    const evil = `'); DROP TABLE note; --`
    store.write((tx) =>
      tx.run(sql`INSERT INTO note (text, data) VALUES (${evil}, ${new Uint8Array([1, 2])})`),
    )
    const where = sql`WHERE text = ${evil}`
    const row = store.read((db) =>
      db.get<{ text: string; data: Uint8Array }>(sql`SELECT * FROM note ${where}`),
    )!
    expect(row.text).toBe(evil)
    expect(row.data.constructor).toBe(Uint8Array)
    expect([...row.data]).toEqual([1, 2])
  })

  test('what is written soon is written together, in order, and each piece fails alone', async () => {
    const counts: number[] = []
    const store = openTest([notes], (count) => void counts.push(count))
    const before = counts.length
    const seen: string[] = []
    const soon = (text: string): Promise<number> =>
      store.writeSoon((tx) => {
        add(tx, text)
        tx.afterCommit(() => seen.push(text))
        if (text === 'bad') throw new Error('bad')
        return texts(store).length
      })
    const all = Promise.allSettled(['a', 'b', 'bad', 'c'].map(soon))
    expect(texts(store)).toEqual([])
    expect((await all).map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
      1,
      2,
      'failed',
      3,
    ])
    expect(texts(store)).toEqual(['a', 'b', 'c'])
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(counts.length - before).toBe(1)
  })

  test('what waits when the store closes is refused', async () => {
    const store = openTest()
    const waiting = store.writeSoon((tx) => void add(tx, 'late'))
    store.close()
    await expect(waiting).rejects.toMatchObject({ code: 'store.closed' })
    expect(texts(openTest())).toEqual([])
  })

  test('a store halted after a commit has that commit and nothing more', () => {
    const seen: string[] = []
    // Commit 1 makes the table of versions, 2 the step `notes`, 3 and 4 are below.
    const store = openTest([notes], (count) => {
      if (count === 4) throw new Error('killed')
    })
    store.write((tx) => void add(tx, 'one'))
    expect(() =>
      store.write((tx) => {
        add(tx, 'two')
        tx.afterCommit(() => seen.push('two'))
      }),
    ).toThrow('killed')
    expect(codeOf(() => store.write((tx) => void add(tx, 'three')))).toBe('store.closed')
    expect(seen).toEqual([])
    expect(texts(openTest())).toEqual(['one', 'two'])
  })
})
