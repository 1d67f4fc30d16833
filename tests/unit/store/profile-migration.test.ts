import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import {
  getActiveProfile,
  getDefaultAddress,
  getRequest,
  insertOwnProfile,
  isIgnored,
  listAddresses,
  listContacts,
  listOwnProfiles,
  listPendingConnections,
  migrations,
  openStore,
  sql,
} from '#core/store'

/** The last version of the schema with one profile. */
const BEFORE = 60

test('what was here before there could be several profiles belongs to the first one, addresses and requests together', () => {
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
      INSERT INTO chat_profile (profile_id, display_name, full_name, image, revision, created_at)
      VALUES (1, 'Ann', '', 'data:', 7, 1)`)
    tx.run(sql`
      INSERT INTO chat_contact (contact_id, row_id, display_name, full_name, status, created_at)
      VALUES ('c', 'r', 'Bob', '', 'active', 1)`)
    tx.run(sql`
      INSERT INTO chat_connection (connection_id, row_id, conn_id, role, phase, relay, created_at, updated_at)
      VALUES ('k', 'r2', 'a', 'creator', 'unused', 'relay', 1, 1)`)
    for (const [id, label, isDefault] of [
      ['main', null, 1],
      ['card', 'Card', 0],
    ] as const)
      tx.run(sql`
        INSERT INTO chat_address (address_id, conn_id, link, relay, label, is_default, created_at)
        VALUES (${id}, ${id}, 'link', 'relay', ${label}, ${isDefault}, 1)`)
    tx.run(sql`
      INSERT INTO chat_request (request_id, row_id, agent_key, address_id, address_label, display_name, full_name,
        peer_version_min, peer_version_max, state, created_at, updated_at)
      VALUES ('q', 'r3', 'key', 'card', 'Card', 'Cleo', '', 1, 16, 'waiting', 1, 1)`)
    tx.run(sql`INSERT INTO chat_ignored (contact_req_id, created_at) VALUES (x'01', 1)`)
  })
  old.close()

  const store = openStore(path, { ...options, migrations })
  onTestFinished(() => store.close())
  const profile = store.read(getActiveProfile)!
  expect(profile).toMatchObject({ displayName: 'Ann', image: 'data:', revision: 7, isActive: true })
  const { profileId } = profile
  store.read((db) => {
    expect(listContacts(db, profileId)).toMatchObject([{ contactId: 'c', profileId }])
    expect(listPendingConnections(db, profileId)).toMatchObject([{ connectionId: 'k', profileId }])
    expect(getDefaultAddress(db, profileId)).toMatchObject({ addressId: 'main', label: null })
    expect(listAddresses(db, profileId)).toMatchObject([{ addressId: 'main' }, { label: 'Card' }])
    expect(getRequest(db, 'q')).toMatchObject({ addressId: 'card', profileId })
    expect(isIgnored(db, profileId, new Uint8Array([1]))).toBe(true)
    expect(isIgnored(db, 'another', new Uint8Array([1]))).toBe(false)
  })
  store.write((tx) => insertOwnProfile(tx, { ...profile, profileId: 'two' }, 2))
  expect(store.read(listOwnProfiles).map(({ isActive }) => isActive)).toEqual([true, false])
})
