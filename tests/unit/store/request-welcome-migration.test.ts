import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import { getRequest, migrations, openStore, sql } from '#core/store'

/** The last version of the schema in which the welcome was read when the relay had agreed. */
const BEFORE = 70

test('an acceptance under way takes the welcome of its address along, one that waits does not', () => {
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
      INSERT INTO chat_address (address_id, conn_id, link, relay, is_default, welcome, created_at)
      VALUES ('a', 'c', 'link', 'r', 1, 'Welcome!', 1)`)
    for (const state of ['waiting', 'accepting'])
      tx.run(sql`
        INSERT INTO chat_request (request_id, row_id, agent_key, address_id, display_name, full_name,
          peer_version_min, peer_version_max, state, created_at, updated_at)
        VALUES (${state}, ${state}, ${state}, 'a', 'Bob', '', 1, 16, ${state}, 1, 1)`)
  })
  old.close()

  const store = openStore(path, { ...options, migrations })
  onTestFinished(() => store.close())
  expect(store.read((db) => getRequest(db, 'accepting'))?.welcome).toBe('Welcome!')
  expect(store.read((db) => getRequest(db, 'waiting'))?.welcome).toBeNull()
})
