import { beforeAll, describe, expect, test } from 'vitest'
import { formatFullLink } from '#core/agent'
import { fromUtf8, isAppError, utf8 } from '#core/base'
import { cryptoReady } from '#core/crypto'
import { sql } from '#core/store'
import { until, type Party } from '../../unit/agent/party.ts'
import { makeRealWorld } from './world.ts'

beforeAll(() => cryptoReady())

const codeOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return isAppError(error) ? error.code : error
  }
  return undefined
}
const talk = async (one: Party, other: Party): Promise<void> => {
  await until(() => one.details('connected').length === 1 && other.details('connected').length === 1)
  one.say(one.connId!, `from ${one.name}`)
  other.say(other.connId!, `from ${other.name}`)
  await until(() => one.details('receipt').length === 1 && other.details('receipt').length === 1)
}

describe('short links at a real relay over TLS', () => {
  test('INV-2, PLN-6: the first reader owns a one-time link, across restarts of everybody', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const alice = world.party('alice', relay).start()
    const bob = world.party('bob', await world.relay('other')).start()
    const carol = world.party('carol', relay).start()
    const link = await alice.inviteShort('who I am')
    expect(await alice.agent.linkOpened(alice.connId!, {})).toBe(false)
    expect(fromUtf8((await bob.look(link)).userData)).toBe('who I am')
    await bob.kill()
    await relay.stop()
    await relay.start()
    bob.start()
    await until(async () => (await codeOf(() => carol.look(link))) === 'agent.link-used')
    expect(await alice.agent.linkOpened(alice.connId!, {})).toBe(true)
    expect(await codeOf(() => alice.agent.setLinkData(alice.connId!, utf8('late'), {}))).toBe(
      'agent.link-claimed',
    )
    await bob.joinShort(link)
    await talk(alice, bob)
    expect(await codeOf(() => carol.look(link))).toBe('agent.link-used')
    expect(carol.connId).toBeNull()
  })

  test('ADR-2: an address is read by many, and says what its owner said last', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const owner = world.party('owner', relay).start()
    const asker = world.party('asker', relay).start()
    const link = await owner.openShortAddress()
    const { conn_id: connId } = owner.store.read((db) =>
      db.get<{ conn_id: string }>(sql`SELECT conn_id FROM app_address`),
    )!
    await owner.agent.setLinkData(connId, utf8('second'), {})
    expect(fromUtf8((await asker.look(link)).userData)).toBe('second')
    await relay.stop()
    owner.store.write((tx) => owner.agent.updateLinkData(tx, connId, utf8('third')))
    await relay.start()
    await until(() => owner.details('link-data').length === 1)
    const seen = await asker.look(link)
    expect(fromUtf8(seen.userData)).toBe('third')
    await asker.ask(formatFullLink(seen.link))
    await until(() => owner.requests.length === 1)
    await owner.acceptAll()
    await until(() => asker.details('connected').length === 1)
    owner.closeAddress()
    await until(async () => (await codeOf(() => asker.look(link))) === 'agent.address-gone')
  })

  test('an address of before short links gets one', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const owner = world.party('owner', relay).start()
    const asker = world.party('asker', relay).start()
    await owner.openAddress()
    const { conn_id: connId } = owner.store.read((db) =>
      db.get<{ conn_id: string }>(sql`SELECT conn_id FROM app_address`),
    )!
    owner.store.write((tx) => owner.agent.updateLinkData(tx, connId, utf8('new')))
    await until(() => owner.details('link-data').length === 1)
    const seen = await asker.look(owner.details('link-data')[0]!)
    expect(fromUtf8(seen.userData)).toBe('new')
    await asker.ask(formatFullLink(seen.link))
    await until(() => owner.requests.length === 1)
  })
})
