import { beforeAll, describe, expect, test } from 'vitest'
import {
  agentEnvelopeCodec,
  clientEnvelopeCodec,
  openClientMessage,
  readConnectionLink,
  sealClientMessage,
  type AgentEnvelope,
} from '../../../core/agent/wire/index.ts'
import { isAppError, toHex, utf8 } from '#core/base'
import { cryptoReady, generateEd25519, generateX25519, randomBytes, x25519 } from '#core/crypto'
import { decode, encode } from '#core/encoding'
import { relayKey, type Command } from '#core/protocol'
import { rcvQueueOf, sql } from '#core/store'
import { parsedContact, type Party, until } from './party.ts'
import { makeWorld, type World } from './setup.ts'

beforeAll(() => cryptoReady())

const codeOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return isAppError(error) ? error.code : error
  }
  return undefined
}
const count = (one: Party, table: string): number =>
  one.store.read((db) => db.get<{ n: number }>({ text: `SELECT count(*) AS n FROM ${table}`, params: [] }))!.n
const accepted = (one: Party): number => one.requests.filter(({ conn_id: connId }) => connId !== null).length

function started(world: World): { alice: Party; bob: Party; carol: Party } {
  const carol = world.party('carol', world.relayB)
  for (const one of [world.alice, world.bob, carol]) one.start()
  return { alice: world.alice, bob: world.bob, carol }
}

/** Catches what is sent to a queue, as its relay sees it. */
function tapped(one: Party): Extract<Command, { type: 'SEND' }>[] {
  const sent: Extract<Command, { type: 'SEND' }>[] = []
  const request = one.pool.request.bind(one.pool)
  one.pool.request = (address, what, options) => {
    if (what.command.type === 'SEND' && what.key === null) sent.push(what.command)
    return request(address, what, options)
  }
  return sent
}

/** A SEND to an address of anything at all, by somebody who holds only the link. */
async function throwAt(
  one: Party,
  link: string,
  envelope: AgentEnvelope | Uint8Array,
  { withKey = false, bare = false } = {},
): Promise<void> {
  const [queue] = parsedContact(link).queues
  const once = generateX25519()
  const body = envelope instanceof Uint8Array ? envelope : encode(agentEnvelopeCodec, envelope)
  await one.pool.request(queue.server, {
    entityId: queue.senderId,
    key: null,
    command: {
      type: 'SEND',
      notify: true,
      body: sealClientMessage(
        x25519(once.privateKey, queue.dhKey),
        { version: 4, dhKey: bare ? null : once.publicKey, nonce: randomBytes(24) },
        {
          senderKey: withKey ? { algorithm: 'ed25519', raw: generateEd25519().publicKey } : null,
          body,
        },
      ),
    },
  })
}

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

describe('a request', () => {
  test('is sealed, unsigned, as large as any other, and two of one asker share no bytes', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    const link = await alice.openAddress()
    const sent = tapped(bob)
    await bob.ask(link)
    await bob.agent.repeatRequest(bob.connId!, { connInfo: bob.sayAtAddress })
    expect(sent.map(({ body }) => body.length)).toEqual([15_992, 15_992])
    const [first, second] = sent.map(({ body }) => decode(clientEnvelopeCodec, body))
    expect(first!.version).toBe(4)
    expect(toHex(first!.dhKey!)).not.toBe(toHex(second!.dhKey!))
    const seen = Buffer.from(sent[0]!.body)
    expect(seen.includes('simplex') || seen.includes('info of bob')).toBe(false)
    // With the key of the address it opens: no ratchet, but the versions that bob speaks, not those agreed.
    const queue = alice.store.read((db) => {
      const own = parsedContact(link).queues[0]
      return rcvQueueOf(db, alice.agent.findOwnAddress(db, own.server, own.senderId)!)!
    })
    const client = openClientMessage(x25519(queue.e2ePrivate, first!.dhKey!), first!)
    expect(client.senderKey).toBeNull()
    const envelope = decode(agentEnvelopeCodec, client.body)
    if (envelope.type !== 'invitation') throw new Error('not a request')
    expect(envelope.agentVersion).toBe(7)
    expect(readConnectionLink(envelope.link)).toMatchObject({
      kind: 'invitation',
      agentVersions: { min: 2, max: 7 },
      queues: [{ versions: { min: 1, max: 4 }, mode: 'M' }],
      e2e: { versions: { min: 2, max: 3 } },
    })
  })

  test('with too much to say is refused with the room that there is, and that much is taken', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    const link = parsedContact(await alice.openAddress())
    let room = 0
    const ask = (more: number): Promise<unknown> =>
      bob.agent.requestContact(
        link,
        {
          relay: bob.relay,
          connInfo: (envelope) => {
            room = envelope.room
            return new Uint8Array(envelope.room + more).fill(0x61)
          },
        },
        () => {},
      )
    expect(await codeOf(() => ask(1))).toBe('agent.too-large')
    expect(room).toBeGreaterThan(15_000)
    await ask(0)
    await until(() => alice.details('request')[0]?.length === room)
  })

  test('that got no answer shows nothing; the next try has the same queue, keys and seed', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = { ...started(world), network: world.network }
    const link = await alice.openAddress()
    network.onRequest = ({ type }) => (type === 'SEND' ? 'unanswered' : undefined)
    expect(await codeOf(() => bob.ask(link))).toBe('relay.unreachable')
    const { server, senderId } = parsedContact(link).queues[0]
    const asked = (): string | null => bob.store.read((db) => bob.agent.findRequested(db, server, senderId))
    expect(asked()).toBeNull()
    network.onRequest = null
    // The owner is quick: the answer waits until the request is one.
    await until(() => alice.requests.length === 1)
    await alice.acceptAll()
    await bob.kill()
    bob.start()
    await until(
      () => network.log.filter(({ type, from }) => from === 'alice' && type === 'SEND').length === 1,
    )
    expect(bob.events()).toEqual([])
    await bob.ask(link)
    expect(asked()).toBe(bob.connId)
    await until(() => bob.details('connected').length === 1 && alice.details('connected').length === 1)
    expect(alice.requests).toHaveLength(1)
    expect(network.queues.size).toBe(3)
  })

  test('that nobody tried again is forgotten after a day, and its queue deleted', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    const link = await alice.openAddress()
    world.network.offline.add(relayKey(world.relayA))
    expect(await codeOf(() => bob.ask(link))).toBe('relay.unreachable')
    expect(count(bob, 'agent_connection')).toBe(1)
    expect(world.network.queues.size).toBe(2)
    await bob.kill()
    world.skip(25 * 3600 * 1000)
    bob.start()
    expect(count(bob, 'agent_connection')).toBe(0)
    await until(() => world.network.queues.size === 1)
  })

  for (const replaces of [true, false]) {
    test(`can be repeated while it waits; the application ${replaces ? 'keeps its key' : 'takes the new one'}`, async () => {
      await using world = makeWorld()
      const { alice, bob } = started(world)
      alice.replaces = replaces
      await bob.ask(await alice.openAddress())
      await until(() => alice.requests.length === 1)
      const [before] = alice.requests
      await bob.agent.repeatRequest(bob.connId!, { connInfo: bob.sayAtAddress })
      await until(() => alice.requests[0]!.repeats === 1)
      expect(alice.requests).toHaveLength(1)
      expect(alice.requests[0]!.request_key === before!.request_key).toBe(replaces)
      expect(count(alice, 'agent_invitation')).toBe(1)
      await alice.acceptAll()
      await until(() => bob.details('connected').length === 1)
      // Answered: nothing is left to repeat.
      await bob.agent.repeatRequest(bob.connId!, { connInfo: bob.sayAtAddress })
      expect(await codeOf(() => bob.agent.repeatRequest('nobody', { connInfo: utf8('') }))).toBe(
        'agent.not-found',
      )
    })
  }

  test('to the same address twice is one connection, and says which', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    const link = parsedContact(await alice.openAddress())
    const ask = (): Promise<{ connId: string }> =>
      bob.agent.requestContact(link, { connInfo: bob.sayAtAddress, relay: bob.relay }, (tx, { connId }) => {
        tx.run(sql`INSERT INTO app_connection (conn_id) VALUES (${connId})`)
      })
    const [first, second] = await Promise.allSettled([ask(), ask()])
    expect(first.status).toBe('fulfilled')
    if (second.status === 'fulfilled' || !isAppError(second.reason)) throw new Error('not refused')
    expect(second.reason.code).toBe('agent.already-joined')
    expect(second.reason.facts).toEqual({ connId: bob.connId })
    expect(count(bob, 'agent_connection')).toBe(1)
    // A deleted one can be made again.
    bob.store.write((tx) => bob.agent.deleteConnection(tx, bob.connId!, { waitDelivery: false }))
    bob.store.write((tx) => tx.run(sql`DELETE FROM app_connection`))
    await ask()
  })

  test('to an address without a common version is refused before anything is asked', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    const link = parsedContact(await alice.openAddress())
    const asked = world.network.log.length
    const ask = (): Promise<unknown> =>
      bob.agent.requestContact(
        { ...link, agentVersions: { min: 8, max: 9 } },
        { connInfo: utf8('x'), relay: bob.relay },
        () => {},
      )
    expect(await codeOf(ask)).toBe('agent.version')
    expect(world.network.log.length).toBe(asked)
    expect(count(bob, 'agent_connection')).toBe(0)
  })

  test('to an address whose queue is full is refused, and goes through when there is room', async () => {
    await using world = makeWorld()
    const { alice, bob, carol } = started(world)
    const link = await alice.openAddress()
    await alice.kill()
    world.network.quota = 1
    await carol.ask(link)
    expect(await codeOf(() => bob.ask(link))).toBe('agent.address-full')
    expect(await codeOf(() => bob.ask(link))).toBe('agent.address-full')
    expect(bob.connId).toBeNull()
    alice.start()
    await until(() => alice.requests.length === 1)
    // Also the relay's mark that it had been full is taken, and nobody is told to go on.
    await until(() => [...world.network.queues.values()].every(({ messages }) => messages.length === 0))
    await bob.ask(link)
    await until(() => alice.requests.length === 2)
    expect(alice.details('undecryptable')).toEqual([])
    expect(alice.pending).toBe(0)
  })
})

describe('accepting', () => {
  test('is done once: a second time it answers with the same connection', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    await bob.ask(await alice.openAddress())
    await until(() => alice.requests.length === 1)
    const [request] = alice.requests
    const [first, second] = await Promise.all([alice.accept(request!), alice.accept(request!)])
    expect(second).toBe(first)
    expect(await alice.accept(request!)).toBe(first)
    expect(count(alice, 'app_connection')).toBe(1)
    await until(() => bob.details('connected').length === 1)
    // Its keys are not kept.
    const link = alice.store.read((db) =>
      db.get<{ link: string | null }>(sql`SELECT link FROM agent_invitation`),
    )
    expect(link).toEqual({ link: null })
  })

  test('works after the address was deleted', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    await bob.ask(await alice.openAddress())
    await until(() => alice.requests.length === 1)
    alice.closeAddress()
    await until(() => world.network.queues.size === 1)
    await alice.kill()
    alice.start()
    // A repetition finds no address; the request is out all the same.
    expect(await codeOf(() => bob.agent.repeatRequest(bob.connId!, { connInfo: bob.sayAtAddress }))).toBe(
      'agent.address-gone',
    )
    await alice.acceptAll()
    await until(() => alice.details('connected').length === 1 && bob.details('connected').length === 1)
  })

  test('of an asker who has gone says so, each time, until the request is dropped', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    await bob.ask(await alice.openAddress())
    await until(() => alice.requests.length === 1)
    bob.store.write((tx) => bob.agent.deleteConnection(tx, bob.connId!, { waitDelivery: false }))
    await until(() => world.network.queues.size === 1)
    const [request] = alice.requests
    expect(await codeOf(() => alice.accept(request!))).toBe('agent.request-gone')
    expect(await codeOf(() => alice.accept(request!))).toBe('agent.request-gone')
    expect(count(alice, 'agent_connection')).toBe(1)
    alice.store.write((tx) => alice.agent.dropRequest(tx, request!.request_key))
    expect(await codeOf(() => alice.accept(request!))).toBe('agent.not-found')
    expect(count(alice, 'agent_invitation')).toBe(0)
  })

  test('that got no answer goes on with the same keys, also days and a restart later', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    await bob.ask(await alice.openAddress())
    await until(() => alice.requests.length === 1)
    // The relay has secured the asker's queue with alice's key, and she does not know.
    world.network.onRequest = ({ type }) => (type === 'SKEY' ? 'unanswered' : undefined)
    expect(await codeOf(() => alice.acceptAll())).toBe('relay.unreachable')
    expect(alice.connId).toBeNull()
    world.network.onRequest = null
    await alice.kill()
    world.skip(3 * 24 * 3600 * 1000)
    alice.start()
    await alice.acceptAll()
    await until(() => bob.details('connected').length === 1)
  })

  for (const replaces of [true, false]) {
    test(`a repeated request (${replaces ? 'in the place of' : 'beside'} the first) goes on with the keys of an earlier attempt`, async () => {
      await using world = makeWorld()
      const { alice, bob } = started(world)
      alice.replaces = replaces
      await bob.ask(await alice.openAddress())
      await until(() => alice.requests.length === 1)
      world.network.onRequest = ({ type }) => (type === 'SKEY' ? 'unanswered' : undefined)
      expect(await codeOf(() => alice.acceptAll())).toBe('relay.unreachable')
      world.network.onRequest = null
      await bob.agent.repeatRequest(bob.connId!, { connInfo: bob.sayAtAddress })
      await until(() => alice.requests[0]!.repeats === 1)
      await alice.acceptAll()
      await until(() => bob.details('connected').length === 1)
    })
  }

  test('a repetition that comes in the middle of it disturbs nothing', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    await bob.ask(await alice.openAddress())
    await until(() => alice.requests.length === 1)
    const [request] = alice.requests
    let repeated: Promise<void> | null = null
    world.network.onRequest = ({ type }) => {
      if (type === 'SKEY') repeated ??= bob.agent.repeatRequest(bob.connId!, { connInfo: bob.sayAtAddress })
      return undefined
    }
    await alice.accept(request!)
    await repeated
    await until(() => bob.details('connected').length === 1)
    await until(() => alice.requests[0]!.repeats === 1)
    expect(count(alice, 'app_connection')).toBe(1)
    expect(await alice.accept(request!)).toBe(alice.connId)
  })

  test('a request that was dropped while the relay was asked makes no connection', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    await bob.ask(await alice.openAddress())
    await until(() => alice.requests.length === 1)
    const [request] = alice.requests
    world.network.onRequest = ({ type }) => {
      if (type === 'SKEY') alice.store.write((tx) => alice.agent.dropRequest(tx, request!.request_key))
      return undefined
    }
    expect(await codeOf(() => alice.accept(request!))).toBe('agent.not-found')
    expect(alice.connId).toBeNull()
    expect(accepted(alice)).toBe(0)
  })

  test('a request of a version that cannot be accepted is shown, and accepting it says why', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    const link = await alice.openAddress()
    const future = (await bob.invite()).replace('v=2-7', 'v=8-9')
    await throwAt(bob, link, { type: 'invitation', agentVersion: 7, link: future, connInfo: utf8('later') })
    await until(() => alice.requests.length === 1)
    expect(alice.details('request')).toEqual(['later'])
    expect(await codeOf(() => alice.acceptAll())).toBe('agent.version')
    expect(count(alice, 'agent_connection')).toBe(1)
  })

  test('a request that the application does not keep cannot be accepted and leaves nothing', async () => {
    await using world = makeWorld()
    const { alice, bob } = started(world)
    alice.drops = true
    await bob.ask(await alice.openAddress())
    await until(() => alice.details('request').length === 1)
    expect(count(alice, 'agent_invitation')).toBe(0)
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
