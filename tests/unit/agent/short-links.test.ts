import { beforeAll, describe, expect, test } from 'vitest'
import { formatFullLink, parseConnectionLink, type FoundLink } from '#core/agent'
import { fromUtf8, isAppError, utf8 } from '#core/base'
import { cryptoReady } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { sql } from '#core/store'
import { type Party, parsedContact, until } from './party.ts'
import { makeWorld } from './setup.ts'

beforeAll(() => cryptoReady())

const codeOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return isAppError(error) ? error.code : error
  }
  return undefined
}
const found = (one: Party, text: string): FoundLink | null => {
  const link = parseConnectionLink(text)
  if (link.form !== 'short') throw new Error('not a short link')
  return one.store.read((db) => one.agent.findShort(db, link))
}
const claims = (one: Party): { key: number; used: number }[] =>
  one.store.read((db) =>
    db.all(sql`SELECT auth_private IS NOT NULL AS key, conn_id IS NOT NULL AS used FROM agent_link_claim`),
  )
const connected = (...all: Party[]): Promise<void> =>
  until(() => all.every((one) => one.details('connected').length === 1))

describe('a one-time short link', () => {
  test('shows what its maker says, and makes a connection without SKEY', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    alice.start()
    bob.start()
    const text = await alice.inviteShort()
    expect(text).toMatch(/^simplex:\/i#/)
    const seen = await bob.look(text)
    expect(fromUtf8(seen.userData)).toBe('data of alice')
    expect(seen.direct).toBe(true)
    await bob.joinShort(text)
    await connected(alice, bob)
    expect(network.log.filter(({ type, from }) => type === 'SKEY' && from === 'bob')).toEqual([])
    expect(claims(bob)).toEqual([{ key: 0, used: 1 }])
    expect(found(bob, text)).toEqual({ connId: bob.connId, what: 'joined' })
    expect(found(alice, text)).toEqual({ connId: alice.connId, what: 'own' })
    expect(await codeOf(() => bob.look(text))).toBe('agent.already-joined')
  })

  test('PLN-6: the key that opens it is stored before the relay is asked, and used again', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    const carol = world.party('carol', world.relayB)
    for (const one of [alice, bob, carol]) one.start()
    const text = await alice.inviteShort()
    for (const fate of ['lost', 'unanswered'] as const) {
      network.onRequest = ({ type }) => {
        if (type !== 'LKEY') return undefined
        expect(claims(bob)).toEqual([{ key: 1, used: 0 }])
        return fate
      }
      expect(await codeOf(() => bob.look(text))).toBe('relay.unreachable')
      network.onRequest = null
      await bob.kill()
      bob.start()
    }
    expect(await codeOf(() => carol.look(text))).toBe('agent.link-used')
    expect(claims(carol)).toEqual([])
    await bob.joinShort(text)
    await connected(alice, bob)
    expect(carol.connId).toBeNull()
  })

  test('PLN-6: given up, it still works here after weeks, and nowhere else', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    const carol = world.party('carol', world.relayB)
    for (const one of [alice, bob, carol]) one.start()
    const text = await alice.inviteShort()
    const giveUp = new AbortController()
    network.onRequest = ({ type }) => {
      if (type === 'LKEY') giveUp.abort(new Error('changed my mind'))
      return undefined
    }
    await expect(bob.look(text, giveUp.signal)).rejects.toThrow('changed my mind')
    network.onRequest = null
    await bob.kill()
    world.skip(30 * 24 * 3600 * 1000)
    bob.start()
    expect(await codeOf(() => carol.look(text))).toBe('agent.link-used')
    await bob.joinShort(text)
    await connected(alice, bob)
  })

  test('an attempt by the full link that got no answer does not stand in its way', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    alice.start()
    bob.start()
    const text = await alice.inviteShort()
    const full = alice.store.read((db) =>
      db.get<{ link: string }>(sql`SELECT link FROM app_connection`),
    )!.link
    network.onRequest = ({ type }) => (type === 'SKEY' ? 'lost' : undefined)
    expect(await codeOf(() => bob.join(full))).toBe('relay.unreachable')
    network.onRequest = null
    await bob.joinShort(text)
    await connected(alice, bob)
  })

  test('after it was looked at, the full link of the same invitation works with the same key', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    const text = await alice.inviteShort()
    await bob.look(text)
    const full = alice.store.read((db) =>
      db.get<{ link: string }>(sql`SELECT link FROM app_connection`),
    )!.link
    await bob.join(full)
    await connected(alice, bob)
    expect(found(bob, text)?.what).toBe('joined')
  })

  test('is opened for its maker to see', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    const text = await alice.inviteShort()
    expect(await alice.agent.linkOpened(alice.connId!, {})).toBe(false)
    await bob.look(text)
    expect(await alice.agent.linkOpened(alice.connId!, {})).toBe(true)
  })

  test('what it says is changed until somebody has read it', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    const text = await alice.inviteShort()
    await alice.agent.setLinkData(alice.connId!, utf8('someone else'), {})
    expect(fromUtf8((await bob.look(text)).userData)).toBe('someone else')
    const change = (): Promise<void> => alice.agent.setLinkData(alice.connId!, utf8('too late'), {})
    expect(await codeOf(change)).toBe('agent.link-claimed')
    alice.store.write((tx) => alice.agent.updateLinkData(tx, alice.connId!, utf8('too late')))
    await until(() => alice.details('link-data').includes('agent.link-claimed'))
    expect(fromUtf8((await bob.look(text)).userData)).toBe('someone else')
    await bob.joinShort(text)
    await connected(alice, bob)
    expect(await codeOf(change)).toBe('agent.link-claimed')
    alice.store.write((tx) => alice.agent.updateLinkData(tx, alice.connId!, utf8('much too late')))
    expect(alice.details('failed')).toEqual([])
  })

  test('data that is not the link’s is not believed, whatever the relay answers', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    const carol = world.party('carol', world.relayA)
    for (const one of [alice, bob, carol]) one.start()
    const text = await alice.inviteShort()
    await carol.inviteShort()
    const other = [...network.queues.values()].at(-1)!
    network.onLink = (answer) => ({ ...answer, ...other.link! })
    expect(await codeOf(() => bob.look(text))).toBe('agent.link-data')
    network.onLink = (answer) => ({ ...answer, sndId: other.sndId })
    expect(await codeOf(() => bob.look(text))).toBe('agent.link-data')
    network.onLink = null
    await bob.joinShort(text)
    await connected(alice, bob)
  })

  test('where the relay keeps no links there is the full one only', async () => {
    await using world = makeWorld()
    const { alice, bob, network, relayA } = world
    network.linkless.add(relayKey(relayA))
    alice.start()
    bob.start()
    const text = await alice.inviteShort()
    expect(parseConnectionLink(text).form).toBe('full')
    await bob.join(text)
    await connected(alice, bob)
  })

  test('data that does not fit is refused before anything is made', async () => {
    await using world = makeWorld()
    const { alice, network } = world
    alice.start()
    const asked = network.log.length
    expect(await codeOf(() => alice.inviteShort('x'.repeat(14_000)))).toBe('agent.too-large')
    expect(network.log.length).toBe(asked)
  })

  test('deleted, nothing of it is left', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    alice.start()
    bob.start()
    const text = await alice.inviteShort()
    alice.store.write((tx) => alice.agent.deleteConnection(tx, alice.connId!, { waitDelivery: false }))
    expect(found(alice, text)).toBeNull()
    await until(() => network.queues.size === 0)
    expect(await codeOf(() => bob.look(text))).toBe('agent.link-used')
    expect(claims(bob)).toEqual([])
  })
})

describe('the short link of an address', () => {
  test('is read by everybody, and leads to the address', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    const carol = world.party('carol', world.relayB)
    for (const one of [alice, bob, carol]) one.start()
    const text = await alice.openShortAddress()
    for (const one of [bob, carol]) {
      const seen = await one.look(text)
      expect(fromUtf8(seen.userData)).toBe('data of alice')
      await one.ask(formatFullLink(seen.link))
      expect(found(one, text)).toEqual({ connId: one.connId, what: 'requested' })
    }
    await until(() => alice.requests.length === 2)
    expect(found(alice, text)?.what).toBe('own-address')
    await alice.acceptAll()
    await connected(bob, carol)
  })

  test('what it says is changed under the same link, also when the relay was away, and the newest wins', async () => {
    await using world = makeWorld()
    const { alice, bob, network, relayA } = world
    alice.start()
    bob.start()
    const text = await alice.openShortAddress()
    const { conn_id: connId } = alice.store.read((db) =>
      db.get<{ conn_id: string }>(sql`SELECT conn_id FROM app_address`),
    )!
    network.offline.add(relayKey(relayA))
    for (const saying of ['first', 'second']) {
      alice.store.write((tx) => alice.agent.updateLinkData(tx, connId, utf8(saying)))
    }
    await alice.kill()
    alice.start()
    alice.store.write((tx) => alice.agent.updateLinkData(tx, connId, utf8('third')))
    network.offline.delete(relayKey(relayA))
    network.poolOf('alice')?.online(relayA)
    await until(() => alice.details('link-data').length > 0)
    expect(alice.details('link-data')).toEqual([text])
    expect(fromUtf8((await bob.look(text)).userData)).toBe('third')
    expect(alice.details('delayed')).toEqual([])
  })

  test('is added to an address that had none', async () => {
    await using world = makeWorld()
    const { alice, bob, network, relayA } = world
    network.linkless.add(relayKey(relayA))
    alice.start()
    bob.start()
    const full = await alice.openShortAddress()
    const { conn_id: connId } = alice.store.read((db) =>
      db.get<{ conn_id: string }>(sql`SELECT conn_id FROM app_address`),
    )!
    const update = (): void =>
      alice.store.write((tx) => alice.agent.updateLinkData(tx, connId, utf8('now with a name')))
    update()
    await until(() => alice.details('link-data').length === 1)
    expect(alice.details('link-data')).toEqual(['relay.version'])
    network.linkless.delete(relayKey(relayA))
    update()
    await until(() => alice.details('link-data').length === 2)
    const text = alice.details('link-data')[1]!
    const seen = await bob.look(text)
    expect(fromUtf8(seen.userData)).toBe('now with a name')
    expect(seen.link.queues[0].senderId).toEqual(parsedContact(full).queues[0].senderId)
    await bob.ask(formatFullLink(seen.link))
    await until(() => alice.requests.length === 1)
  })

  test('that was only looked at leaves nothing behind for long', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    const text = await alice.openShortAddress()
    await bob.look(text)
    expect(claims(bob)).toHaveLength(1)
    await bob.kill()
    world.skip(2 * 24 * 3600 * 1000)
    bob.start()
    expect(claims(bob)).toEqual([])
    alice.closeAddress()
    await until(async () => (await codeOf(() => bob.look(text))) === 'agent.address-gone')
  })
})
