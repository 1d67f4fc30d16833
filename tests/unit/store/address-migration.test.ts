import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import {
  getAgentConnection,
  getAgentInvitation,
  insertAgentConnection,
  migrations,
  openStore,
  putAgentInvitation,
  removeAgentConnection,
  rcvQueues,
  sql,
  staleClaims,
} from '#core/store'

/** The last version of the schema without addresses. */
const BEFORE = 20

const connection = (connId: string, kind: 'pair' | 'address') =>
  ({
    connId,
    kind,
    role: 'initiator',
    phase: 'waiting',
    agentVersion: 7,
    ownInfo: null,
    replyRelay: null,
    createdAt: 1,
  }) as const

test('data of the time before addresses is brought up to date, with its connections as pairs', () => {
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
      INSERT INTO agent_connection (conn_id, role, phase, agent_version, created_at)
      VALUES ('one', 'joiner', 'claiming', 7, 5)`)
    tx.run(sql`
      INSERT INTO agent_rcv_queue (conn_id, server, rcv_id, snd_id, mode, status, smp_version, auth_key, dh_secret, e2e_private, e2e_public)
      VALUES ('one', x'01', x'02', x'03', 'M', 'new', 4, x'04', x'05', x'06', x'07')`)
  })
  old.close()

  const store = openStore(path, { ...options, migrations })
  onTestFinished(() => store.close())
  expect(store.read((db) => getAgentConnection(db, 'one'))).toMatchObject({ kind: 'pair', phase: 'claiming' })
  expect(store.read((db) => staleClaims(db, 6))).toEqual(['one'])
  expect(store.read(rcvQueues)).toEqual([])

  store.write((tx) => {
    insertAgentConnection(tx, connection('address', 'address'))
    putAgentInvitation(tx, { requestKey: 'r', link: 'link', addressId: 'address', createdAt: 1 })
    removeAgentConnection(tx, 'address')
  })
  expect(store.read((db) => getAgentInvitation(db, 'r'))).toEqual({
    requestKey: 'r',
    link: 'link',
    connId: null,
    accepted: false,
  })
})
