import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import { getContact, migrations, openStore, setContactStatus, sql } from '#core/store'

/** The last version of the schema without kept chats. */
const BEFORE = 90

test('contacts of the time before chats could be kept stay as they are, and a kept one is told from one that the peer ended', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duplex-migration-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'old.db')
  const options = { log: silentLog, clock: systemClock }
  const old = openStore(path, {
    ...options,
    migrations: migrations.filter(({ version }) => version <= BEFORE),
  })
  old.write((tx) => {
    for (const status of ['active', 'deleted-by-peer', 'connecting'])
      tx.run(sql`
        INSERT INTO chat_contact (contact_id, row_id, display_name, full_name, status, created_at)
        VALUES (${status}, ${status}, 'Bob', '', ${status}, 1)`)
  })
  old.close()

  const store = openStore(path, { ...options, migrations })
  onTestFinished(() => store.close())
  const statusOf = (contactId: string) => store.read((db) => getContact(db, contactId)?.status)
  for (const status of ['active', 'deleted-by-peer', 'connecting']) expect(statusOf(status)).toBe(status)
  store.write((tx) => setContactStatus(tx, 'active', 'deleted'))
  expect(statusOf('active')).toBe('deleted')
  expect(statusOf('deleted-by-peer')).toBe('deleted-by-peer')
  store.write((tx) => setContactStatus(tx, 'active', 'active'))
  expect(statusOf('active')).toBe('active')
})
