import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import { getVerification, listMessages, migrations, openStore, saveVerification, sql } from '#core/store'

/** The last version of the schema without marks. */
const BEFORE = 40

test('messages of the time before marks stay as they are, and marks go with their contact', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duplex-migration-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'old.db')
  const options = { log: silentLog, clock: systemClock }
  const old = openStore(path, {
    ...options,
    migrations: migrations.filter(({ version }) => version <= BEFORE),
  })
  old.write((tx) => {
    tx.run(sql`
      INSERT INTO chat_contact (contact_id, row_id, display_name, full_name, status, created_at)
      VALUES ('c', 'r', 'Bob', '', 'active', 1)`)
    for (const text of ['one', 'two'])
      tx.run(sql`
        INSERT INTO chat_message (message_id, contact_id, direction, type, text, content, shared_id, agent_msg_id, status, waits, created_at)
        VALUES (${text}, 'c', 'out', 'text', ${text}, '{}', x'01', 7, 'sending', 'relay', 5)`)
  })
  const before = old.read((db) => listMessages(db, { contactId: 'c' }, 1e9, 9))
  old.close()

  const store = openStore(path, { ...options, migrations })
  onTestFinished(() => store.close())
  expect(store.read((db) => listMessages(db, { contactId: 'c' }, 1e9, 9))).toEqual(before)
  expect(before).toHaveLength(2)

  const marked = {
    verified: { code: '1', at: 2, how: 'scan' as const },
    changedAt: null,
    hold: true,
    dismissed: true,
  }
  store.write((tx) => saveVerification(tx, 'c', marked))
  expect(store.read((db) => getVerification(db, 'c'))).toEqual(marked)
  store.write((tx) => tx.run(sql`DELETE FROM chat_contact WHERE contact_id = 'c'`))
  expect(store.read((db) => getVerification(db, 'c'))).toMatchObject({ verified: null, hold: false })
})
