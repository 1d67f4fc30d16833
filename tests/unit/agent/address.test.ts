import { beforeAll, describe, expect, test } from 'vitest'
import { utf8 } from '#core/base'
import { cryptoReady, randomBytes } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { sql } from '#core/store'
import { codeOf, count, started, throwAt } from './address-tools.ts'
import { parsedContact, until } from './party.ts'
import { makeWorld } from './setup.ts'

beforeAll(() => cryptoReady())

describe('an address', () => {
  test('two people ask, both are accepted, messages go both ways', async () => {
    await using world = makeWorld()
    const { alice, bob, carol } = started(world)
    const link = await alice.openAddress()
    await bob.ask(link)
    await carol.ask(link)
    await until(() => alice.requests.length === 2)
    expect(alice.details('request').map((info) => info.replace(/ [0-9a-f]{32}$/, ''))).toEqual([
      'info of bob',
      'info of carol',
    ])
    await alice.acceptAll()
    for (const asker of [bob, carol]) {
      await until(() => asker.details('connected').length === 1)
      expect(asker.details('confirmation')).toEqual(['info of alice'])
      const [own] = alice.requests.filter(({ info }) => info.includes(asker.name))
      const connId = own!.conn_id!
      await until(() => alice.detailsOf(connId, 'connected').length === 1)
      alice.say(connId, `hello ${asker.name}`)
      asker.say(asker.connId!, `hello from ${asker.name}`)
      await until(() => alice.detailsOf(connId, 'receipt').length === 1)
      await until(() => asker.details('receipt').length === 1)
      expect(alice.detailsOf(connId, 'message')).toEqual([`hello from ${asker.name}`])
      expect(asker.details('message')).toEqual([`hello ${asker.name}`])
    }
    for (const one of [alice, bob, carol]) {
      for (const kind of ['integrity', 'undecryptable', 'failed']) expect(one.details(kind)).toEqual([])
    }
  })

  test('also between relays of the time before queue modes', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    for (const relay of [world.relayA, world.relayB]) world.network.modeless.add(relayKey(relay))
    await bob.ask(await alice.openAddress())
    await until(() => alice.requests.length === 1)
    await alice.acceptAll()
    await until(() => alice.details('connected').length === 1 && bob.details('connected').length === 1)
  })

  test('is a contact link without keys for a ratchet, at a queue for many', async () => {
    await using world = makeWorld()
    const { alice } = started(world)
    const text = await alice.openAddress()
    expect(text.startsWith('simplex:/contact#/?v=2-7&smp=')).toBe(true)
    expect(text).not.toContain('e2e=')
    const link = parsedContact(text)
    expect(link.queues[0]).toMatchObject({ mode: 'C', versions: { min: 1, max: 4 } })
    expect([...world.network.queues.values()].map(({ mode }) => mode)).toEqual(['C'])
    const { server, senderId } = link.queues[0]
    alice.store.read((db) => {
      const connId = alice.agent.findOwnAddress(db, server, senderId)
      expect(connId).not.toBeNull()
      expect(alice.agent.findOwnQueue(db, server, senderId)).toBeNull()
      expect(alice.agent.findOwnAddress(db, server, randomBytes(24))).toBeNull()
      expect(alice.agent.connectionInfo(db, connId!)).toMatchObject({ kind: 'address', canSend: false })
    })
  })

  test('whose commit fails leaves nothing, here and at the relay', async () => {
    await using world = makeWorld()
    const { alice } = started(world)
    await expect(
      alice.agent.createAddress({ relay: alice.relay }, () => {
        throw new Error('no room')
      }),
    ).rejects.toThrow('no room')
    expect(count(alice, 'agent_connection')).toBe(0)
    await until(() => world.network.queues.size === 0)
  })

  test('takes requests again after a restart', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    const link = await alice.openAddress()
    await alice.kill()
    await bob.ask(link)
    alice.start()
    await until(() => alice.requests.length === 1)
  })

  test('that was deleted answers a newcomer as an unknown queue, and nothing is kept of the attempt', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    const link = await alice.openAddress()
    alice.closeAddress()
    expect(count(alice, 'agent_connection')).toBe(0)
    await until(() => world.network.queues.size === 0)
    expect(await codeOf(() => bob.ask(link))).toBe('agent.address-gone')
    expect(count(bob, 'agent_connection') + count(bob, 'agent_request') + count(bob, 'agent_x3dh')).toBe(0)
    await until(() => world.network.queues.size === 0)
  })

  test('deleted while its relay was away is deleted there after a restart', async () => {
    await using world = makeWorld()
    const { alice } = started(world)
    await alice.openAddress()
    world.network.offline.add(relayKey(world.relayA))
    alice.closeAddress()
    await alice.kill()
    alice.start()
    expect(world.network.queues.size).toBe(1)
    world.network.offline.delete(relayKey(world.relayA))
    await until(() => world.network.queues.size === 0)
  })

  test('whose queue is gone at the relay is said to be, and its requests stay acceptable', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    await bob.ask(await alice.openAddress())
    await until(() => alice.requests.length === 1)
    await alice.kill()
    const [address] = [...world.network.queues].find(([, { mode }]) => mode === 'C')!
    world.network.queues.delete(address)
    alice.start()
    await until(() => alice.details('receiving-lost').length === 1)
    expect(alice.details('receiving-lost')).toEqual(['agent.queue-gone'])
    expect(alice.details('failed')).toEqual([])
    await alice.acceptAll()
    await until(() => bob.details('connected').length === 1)
  })
})

describe('what may come to an address', () => {
  test('a redelivery is no second request', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    const link = await alice.openAddress()
    world.network.onRequest = ({ from, type }) => (from === 'alice' && type === 'ACK' ? 'lost' : undefined)
    await bob.ask(link)
    await until(() => alice.requests.length === 1)
    await alice.kill()
    world.network.onRequest = null
    alice.start()
    await until(() => [...world.network.queues.values()].every(({ messages }) => messages.length === 0))
    expect(alice.details('request')).toHaveLength(1)
    expect(alice.requests[0]!.repeats).toBe(0)
  })

  test('anything but a request is reported and taken from the queue, and the next request comes', async () => {
    await using world = makeWorld()
    const { alice, bob, carol } = started(world)
    const link = await alice.openAddress()
    const invitation = await carol.invite()
    const request = { type: 'invitation', agentVersion: 7, link: invitation, connInfo: utf8('x') } as const
    await throwAt(bob, link, { type: 'message', agentVersion: 7, encrypted: randomBytes(100) })
    await throwAt(bob, link, { type: 'confirmation', agentVersion: 7, e2e: null, encrypted: randomBytes(9) })
    await throwAt(bob, link, request, { withKey: true })
    await throwAt(bob, link, request, { bare: true })
    await throwAt(bob, link, { ...request, link: invitation.replace('invitation', 'contact') })
    await throwAt(bob, link, { ...request, link: invitation.replace(/e2e=[^&]*/, 'e2e=x') })
    await throwAt(bob, link, { ...request, link: '' })
    await throwAt(bob, link, randomBytes(3000))
    await throwAt(bob, link, new Uint8Array(0))
    await bob.ask(link)
    await until(() => alice.requests.length === 1)
    expect(alice.details('request')).toHaveLength(1)
    expect(alice.details('undecryptable')).toHaveLength(9)
    expect(alice.details('failed')).toEqual([])
    expect(count(alice, 'agent_invitation')).toBe(1)
  })

  test('the owner sends nothing on account of a request before it accepts, nor when it drops one', async () => {
    await using world = makeWorld()
    const { alice, bob, carol } = started(world)
    const link = await alice.openAddress()
    await bob.ask(link)
    await carol.ask(link)
    await until(() => alice.requests.length === 2)
    alice.store.write((tx) => {
      for (const { request_key: key } of alice.requests) alice.agent.dropRequest(tx, key)
    })
    await until(() => [...world.network.queues.values()].every(({ messages }) => messages.length === 0))
    const sent = world.network.log.filter(({ from }) => from === 'alice').map(({ type }) => type)
    expect(sent).toEqual(['NEW'])
    expect(bob.details('failed')).toEqual([])
  })

  test('the secret of a request is not kept', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    await bob.ask(await alice.openAddress())
    await until(() => alice.requests.length === 1)
    const row = alice.store.read((db) =>
      db.get<{ e2e_secret: unknown; status: string }>(sql`SELECT e2e_secret, status FROM agent_rcv_queue`),
    )
    expect(row).toEqual({ e2e_secret: null, status: 'new' })
  })

  test('500 requests at once come one after another, and none is lost', async () => {
    await using world = makeWorld()
    const { alice, bob, carol } = started(world)
    world.network.quota = 10_000
    const link = await alice.openAddress()
    const invitation = await carol.invite()
    for (let i = 0; i < 500; i += 1) {
      await throwAt(bob, link, {
        type: 'invitation',
        agentVersion: 7,
        link: invitation,
        connInfo: utf8(`number ${i}`),
      })
    }
    await until(() => alice.requests.length === 500)
    expect(alice.details('request')).toEqual(Array.from({ length: 500 }, (_, i) => `number ${i}`))
  })
})
