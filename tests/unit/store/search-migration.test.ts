import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import {
  deleteMessages,
  migrations,
  openStore,
  type ReadDb,
  saveMessageText,
  searchMessages,
  sql,
  type Store,
} from '#core/store'

/** The last version of the schema without an index of words. */
const BEFORE = 70

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'duplex-search-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

function open(path: string, until = Infinity): Store {
  const known = migrations.filter(({ version }) => version <= until)
  return openStore(path, { log: silentLog, clock: systemClock, migrations: known })
}

function fill(store: Store, texts: readonly string[], contactId = 'c-_1'): void {
  store.write((tx) => {
    tx.run(sql`INSERT INTO chat_profile (profile_id, is_active, display_name, full_name, revision, created_at)
      VALUES ('p', 1, 'Ann', '', 1, 1) ON CONFLICT DO NOTHING`)
    tx.run(sql`
      INSERT INTO chat_contact (contact_id, row_id, profile_id, display_name, full_name, status, created_at)
      VALUES (${contactId}, ${contactId}, 'p', 'Bob', '', 'active', 1)`)
    for (const [index, text] of texts.entries())
      tx.run(sql`
        INSERT INTO chat_message (message_id, contact_id, direction, type, text, content, shared_id, status, created_at)
        VALUES (${contactId + index}, ${contactId}, 'in', 'text', ${text}, '', x'01', 'received', 5)`)
  })
}

const everywhere = { profileId: null }
const found = (
  db: ReadDb,
  word: string,
  scope: Parameters<typeof searchMessages>[2] = everywhere,
): string[] => searchMessages(db, { whole: [word], begun: null }, scope, 10).map(({ text }) => text)

/** Every entry that the index holds. */
function indexed(store: Store): { term: string; doc: number }[] {
  return store.write((tx) => {
    tx.run(sql`CREATE VIRTUAL TABLE temp.entry USING fts5vocab(main, 'chat_word', 'instance')`)
    const all = tx.all<{ term: string; doc: number }>(sql`SELECT term, doc FROM temp.entry`)
    tx.run(sql`DROP TABLE temp.entry`)
    return all
  })
}

test('messages of the time before the index are found in it, newest first', () => {
  const path = join(folder(), 'old.db')
  const old = open(path, BEFORE)
  fill(old, ['one apple', 'two pears', 'three Äpple'])
  old.close()
  const store = open(path)
  onTestFinished(() => store.close())
  expect(store.read((db) => found(db, 'apple'))).toEqual(['three Äpple', 'one apple'])
  const begun = store.read((db) => searchMessages(db, { whole: [], begun: 'PEA' }, everywhere, 10))
  expect(begun.map(({ text }) => text)).toEqual(['two pears'])
})

test('new, changed and moved messages are in the index, each under its chat and its profile', () => {
  const store = open(':memory:')
  onTestFinished(() => store.close())
  fill(store, ['green apple'])
  fill(store, ['red apple'], 'other')
  expect(store.read((db) => found(db, 'apple'))).toEqual(['red apple', 'green apple'])
  expect(store.read((db) => found(db, 'apple', { contactId: 'c-_1' }))).toEqual(['green apple'])
  expect(store.read((db) => found(db, 'apple', { profileId: 'p' }))).toHaveLength(2)
  expect(store.read((db) => found(db, 'apple', { profileId: 'another' }))).toEqual([])

  store.write((tx) => saveMessageText(tx, 'c-_10', { text: 'brown nut', content: '' }))
  expect(store.read((db) => found(db, 'apple'))).toEqual(['red apple'])
  expect(store.read((db) => found(db, 'nut', { contactId: 'c-_1' }))).toEqual(['brown nut'])

  store.write((tx) => tx.run(sql`UPDATE chat_message SET contact_id = 'other' WHERE message_id = 'c-_10'`))
  expect(store.read((db) => found(db, 'nut', { contactId: 'c-_1' }))).toEqual([])
  expect(store.read((db) => found(db, 'nut', { contactId: 'other' }))).toEqual(['brown nut'])
  store.write((tx) => tx.run(sql`INSERT INTO chat_word (chat_word, rank) VALUES ('integrity-check', 1)`))
})

test('a search is text, never syntax', () => {
  const store = open(':memory:')
  onTestFinished(() => store.close())
  fill(store, ['say "found_by" OR NOT'])
  for (const word of [
    '"',
    'found_by : "p"',
    'text:',
    'a*',
    'NEAR(',
    'OR',
    "'; DROP TABLE chat_message; --",
    '-',
    '',
  ])
    expect(() => store.read((db) => found(db, word))).not.toThrow()
  expect(store.read((db) => found(db, 'OR'))).toHaveLength(1)
})

/** Words as different from each other as those of a language. */
const WORDS = Array.from({ length: 300 }, (_, n) => `q${createHash('sha256').update(`${n}`).digest('hex')}`)

test.each<[string, (store: Store) => void]>([
  ['of a chat that was cleared', (store) => store.write((tx) => deleteMessages(tx, 'c-_1'))],
  [
    'of a contact that was deleted',
    (store) => store.write((tx) => tx.run(sql`DELETE FROM chat_contact WHERE contact_id = 'c-_1'`)),
  ],
  [
    'of texts that were changed',
    (store) =>
      store.write((tx) => {
        for (const index of WORDS.keys()) saveMessageText(tx, `c-_1${index}`, { text: 'x', content: '' })
      }),
  ],
])('words %s are neither in the index nor anywhere in the file', (_name, remove) => {
  const path = join(folder(), 'deleted.db')
  const store = open(path)
  fill(store, ['what stays'], 'stays')
  fill(
    store,
    WORDS.map((word) => `${word} secretword`),
  )
  expect(store.read((db) => found(db, 'secretword'))).toHaveLength(10)
  remove(store)
  expect(indexed(store).filter(({ term }) => /^.?(q[0-9a-f]|secret)/.test(term))).toEqual([])
  expect(store.read((db) => found(db, 'stays'))).toEqual(['what stays'])
  store.close()
  const file = readFileSync(path).toString('latin1')
  expect([...WORDS, 'secretword'].filter((word) => file.includes(word))).toEqual([])
})
