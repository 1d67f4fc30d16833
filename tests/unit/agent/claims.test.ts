import { beforeAll, describe, expect, test } from 'vitest'
import { AgentError, parseConnectionLink, type ParsedInvitation } from '#core/agent'
import { isAppError, utf8 } from '#core/base'
import { cryptoReady } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { sql } from '#core/store'
import { type Party, until } from './party.ts'
import { connect, makeWorld } from './setup.ts'

beforeAll(() => cryptoReady())

const parsed = (text: string): ParsedInvitation => {
  const link = parseConnectionLink(text)
  if (link.form !== 'full' || link.kind !== 'invitation') throw new Error('not a one-time link')
  return link
}
const codeOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return isAppError(error) ? error.code : error
  }
  return undefined
}
const rows = (one: Party, table: 'agent_connection' | 'agent_rcv_queue' | 'agent_snd_queue'): number =>
  one.store.read((db) => db.get<{ n: number }>({ text: `SELECT count(*) AS n FROM ${table}`, params: [] }))!.n

describe('making an invitation', () => {
  test('with a silent relay is refused and stores nothing', async () => {
    await using world = makeWorld()
    const { alice, network, relayA } = world
    network.offline.add(relayKey(relayA))
    alice.start()
    expect(await codeOf(() => alice.invite())).toBe('relay.unreachable')
    expect(rows(alice, 'agent_connection')).toBe(0)
  })

  test('given up while the relay answers deletes the queue again', async () => {
    await using world = makeWorld()
    const { alice, network } = world
    alice.start()
    const giveUp = new AbortController()
    network.onRequest = ({ type }) => {
      if (type === 'NEW') giveUp.abort(new Error('changed my mind'))
      return undefined
    }
    await expect(
      alice.agent.createInvitation({ relay: alice.relay, signal: giveUp.signal }, () => {
        throw new Error('not reached')
      }),
    ).rejects.toThrow('changed my mind')
    await until(() => network.queues.size === 0)
    expect(rows(alice, 'agent_connection')).toBe(0)
  })

  test('whose commit fails leaves nothing, here and at the relay', async () => {
    await using world = makeWorld()
    const { alice, network } = world
    alice.start()
    await expect(
      alice.agent.createInvitation({ relay: alice.relay }, () => {
        throw new Error('no room')
      }),
    ).rejects.toThrow('no room')
    expect(rows(alice, 'agent_connection')).toBe(0)
    await until(() => network.queues.size === 0)
  })
})

describe('joining', () => {
  test('that got no answer shows nothing, and the next try goes on with the same keys', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    alice.start()
    bob.start()
    const link = await alice.invite()
    // The relay has secured the queue with Bob's key, and Bob does not know.
    network.onRequest = ({ type }) => (type === 'SKEY' ? 'unanswered' : undefined)
    expect(await codeOf(() => bob.join(link))).toBe('relay.unreachable')
    const { server, senderId } = parsed(link).queues[0]
    expect(bob.connId).toBeNull()
    expect(bob.store.read((db) => bob.agent.findJoined(db, server, senderId))).toBeNull()
    network.onRequest = null
    await bob.kill()
    bob.start()
    await bob.join(link)
    await until(() => bob.details('connected').length === 1)
    expect(rows(bob, 'agent_connection')).toBe(1)
  })

  test('a used link is refused for good and keeps nothing', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    const carol = world.party('carol', world.relayB)
    for (const one of [alice, bob, carol]) one.start()
    await connect(alice, bob)
    expect(await codeOf(async () => carol.join(await alice.invite()))).toBe('agent.link-used')
    expect(rows(carol, 'agent_connection')).toBe(0)
    expect(carol.events()).toEqual([])
  })

  test('twice at once makes one connection', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    const link = parsed(await alice.invite())
    const join = (): Promise<unknown> =>
      bob.agent.join(link, { connInfo: utf8('x'), replyRelay: bob.relay }, (tx, { connId }) => {
        tx.run(sql`INSERT INTO app_connection (conn_id) VALUES (${connId})`)
      })
    const [first, second] = await Promise.allSettled([join(), join()])
    expect(first.status).toBe('fulfilled')
    expect(second.status === 'rejected' && isAppError(second.reason, 'agent.already-joined')).toBe(true)
    expect(rows(bob, 'agent_connection')).toBe(1)
  })

  test('own and joined links are found by their queue', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    const { server, senderId } = parsed(await alice.invite()).queues[0]
    expect(alice.store.read((db) => alice.agent.findOwnQueue(db, server, senderId))).toBe(alice.connId)
    expect(bob.store.read((db) => bob.agent.findJoined(db, server, senderId))).toBe(bob.connId)
    expect(alice.store.read((db) => alice.agent.findJoined(db, server, senderId))).toBeNull()
  })

  test('a claim that nobody wanted any more is forgotten after a day', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    alice.start()
    bob.start()
    const link = await alice.invite()
    network.onRequest = ({ type }) => (type === 'SKEY' ? 'lost' : undefined)
    expect(await codeOf(() => bob.join(link))).toBe('relay.unreachable')
    expect(rows(bob, 'agent_connection')).toBe(1)
    await bob.kill()
    world.skip(25 * 3600 * 1000)
    bob.start()
    expect(rows(bob, 'agent_connection')).toBe(0)
  })

  test('a link without a common version is refused before anything is asked', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    alice.start()
    bob.start()
    const link = parsed(await alice.invite())
    const asked = network.log.length
    const join = (): Promise<unknown> =>
      bob.agent.join(
        { ...link, agentVersions: { min: 8, max: 9 } },
        { connInfo: utf8('x'), replyRelay: bob.relay },
        () => {},
      )
    expect(await codeOf(join)).toBe('agent.version')
    expect(network.log.length).toBe(asked)
    expect(rows(bob, 'agent_connection')).toBe(0)
  })
})

describe('sending', () => {
  test('is refused before the connection can, and for what does not fit', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    await alice.invite()
    const send = (size: number): void =>
      alice.store.write(
        (tx) => void alice.agent.send(tx, alice.connId!, new Uint8Array(size), { notification: true }),
      )
    expect(() => send(1)).toThrow(AgentError)
    await connect(alice, bob)
    expect(() => send(15_796)).toThrow(AgentError)
    send(15_795)
    await until(() => bob.details('message').length === 1)
  })
})

describe('deleting', () => {
  test('an unused invitation removes its queue at the relay, also when that was away', async () => {
    await using world = makeWorld()
    const { alice, network, relayA } = world
    alice.start()
    await alice.invite()
    network.offline.add(relayKey(relayA))
    alice.store.write((tx) => alice.agent.deleteConnection(tx, alice.connId!, { waitDelivery: false }))
    expect(rows(alice, 'agent_connection')).toBe(0)
    await alice.kill()
    alice.start()
    expect(network.queues.size).toBe(1)
    network.offline.delete(relayKey(relayA))
    await until(() => network.queues.size === 0)
  })

  test('with what is queued still delivered', async () => {
    await using world = makeWorld()
    const { alice, bob, network, relayB } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    network.offline.add(relayKey(relayB))
    alice.sendUpTo(3)
    alice.store.write((tx) => alice.agent.deleteConnection(tx, alice.connId!, { waitDelivery: true }))
    expect(alice.store.read((db) => alice.agent.connectionInfo(db, alice.connId!))).toBeNull()
    network.offline.delete(relayKey(relayB))
    network.poolOf('bob')?.online(relayB)
    await until(() => bob.details('message').length === 3)
    await until(() => rows(alice, 'agent_connection') === 0)
    // whoever has kept what was written hears how it went
    expect(alice.details('sent')).toHaveLength(3)
    await until(() => network.queues.size === 1)
    // The peer learns of it by the relay's refusal.
    bob.sendUpTo(1)
    await until(() => bob.details('send-failed').length === 1)
    expect(bob.details('send-failed')[0]).toMatch(/relay.auth$/)
  })

  test('what no relay took within two days is given up, and said', async () => {
    await using world = makeWorld()
    const { alice, bob, network, relayB } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    network.offline.add(relayKey(relayB))
    alice.sendUpTo(3)
    alice.store.write((tx) => alice.agent.deleteConnection(tx, alice.connId!, { waitDelivery: true }))
    await alice.kill()
    world.skip(2 * 86_400_000 + 60_000)
    alice.start()
    await until(() => rows(alice, 'agent_connection') === 0)
    expect(alice.details('send-failed')).toHaveLength(3)
    expect(alice.details('failed')).toEqual([])
  })
})
