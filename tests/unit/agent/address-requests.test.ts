import { beforeAll, describe, expect, test } from 'vitest'
import {
  agentEnvelopeCodec,
  clientEnvelopeCodec,
  openClientMessage,
  readConnectionLink,
} from '../../../core/agent/wire/index.ts'
import { isAppError, toHex, utf8 } from '#core/base'
import { cryptoReady, x25519 } from '#core/crypto'
import { decode } from '#core/encoding'
import { relayKey } from '#core/protocol'
import { rcvQueueOf, sql } from '#core/store'
import { accepted, codeOf, count, started, tapped, throwAt } from './address-tools.ts'
import { parsedContact, until } from './party.ts'
import { makeWorld } from './setup.ts'

beforeAll(() => cryptoReady())

/** Version, and the beginning of every X25519 key. */
const SAME_FOR_ALL = 16
const RUN = 6

/** Runs of bytes that stand in both, where everybody's differ. */
function sharedRuns(one: Uint8Array, other: Uint8Array): string[] {
  const runs = (body: Uint8Array): string[] => {
    const hex = toHex(body.subarray(SAME_FOR_ALL))
    return Array.from({ length: hex.length / 2 - RUN + 1 }, (_, at) => hex.slice(2 * at, 2 * (at + RUN)))
  }
  const known = new Set(runs(one))
  return runs(other).filter((run) => known.has(run))
}

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
    // Nothing ties one to the other, nor either to the queue that waits for the answer.
    const answers = bob.store.read((db) => rcvQueueOf(db, bob.connId!))!
    const { rcvId, sndId, e2ePublic, dhSecret } = answers
    expect([rcvId, sndId, e2ePublic, dhSecret].filter((trace) => seen.includes(Buffer.from(trace)))).toEqual(
      [],
    )
    expect(sharedRuns(sent[0]!.body, sent[1]!.body)).toEqual([])
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

  test('ADR-2: asks at two addresses with nothing in common, so that their owners cannot compare askers', async () => {
    await using world = makeWorld()
    const { alice, bob, carol } = started(world)
    const sent = tapped(bob)
    const options = { connInfo: bob.sayAtAddress, relay: bob.relay }
    for (const owner of [alice, carol])
      await bob.agent.requestContact(parsedContact(await owner.openAddress()), options, () => {})
    await until(() => alice.requests.length === 1 && carol.requests.length === 1)
    expect(sharedRuns(sent[0]!.body, sent[1]!.body)).toEqual([])
    const links = [alice, carol].map(
      (one) => one.store.read((db) => db.get<{ link: string }>(sql`SELECT link FROM agent_invitation`))!.link,
    )
    const [first, second] = links.map(readConnectionLink)
    if (first?.form !== 'full' || first.kind !== 'invitation') throw new Error('not an invitation')
    if (second?.form !== 'full' || second.kind !== 'invitation') throw new Error('not an invitation')
    const marks = [first, second].map(({ queues: [queue], e2e }) =>
      [queue.senderId, queue.dhKey, e2e.key1, e2e.key2].map((mark) => toHex(mark)),
    )
    expect(new Set(marks.flat()).size).toBe(8)
    const seeds = bob.store.read((db) => db.all<{ seed: Uint8Array }>(sql`SELECT seed FROM agent_request`))
    expect(new Set(seeds.map(({ seed }) => toHex(seed))).size).toBe(2)
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

  test('under another identity is another request, whatever became of the first', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = { ...started(world), network: world.network }
    const link = parsedContact(await alice.openAddress())
    const ask = async (identity: string): Promise<string> => {
      let seed = ''
      const connInfo = (envelope: { seed: Uint8Array }): Uint8Array => {
        seed = Buffer.from(envelope.seed).toString('hex')
        return new Uint8Array(8)
      }
      await bob.agent
        .requestContact(link, { connInfo, relay: bob.relay, identity }, () => {})
        .catch(() => undefined)
      return seed
    }
    network.onRequest = ({ type }) => (type === 'SEND' ? 'unanswered' : undefined)
    const unanswered = await ask('one')
    expect(await ask('one')).toBe(unanswered)
    network.onRequest = null
    const other = await ask('another')
    expect(other).not.toBe(unanswered)
    expect(await ask('one')).toBe(unanswered)
    const { server, senderId } = link.queues[0]
    const found = bob.store.read((db) => bob.agent.findRequested(db, server, senderId))
    const first = bob.store.read((db) =>
      bob.agent.findRequested(db, server, senderId, (connId) => connId !== found),
    )
    expect(first).not.toBeNull()
    expect(first).not.toBe(found)
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
    const repeated: Promise<void>[] = []
    world.network.onRequest = ({ type }) => {
      if (type === 'SKEY' && repeated.length === 0) {
        repeated.push(bob.agent.repeatRequest(bob.connId!, { connInfo: bob.sayAtAddress }))
      }
      return undefined
    }
    await alice.accept(request!)
    await Promise.all(repeated)
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
