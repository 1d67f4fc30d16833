import { beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady } from '#core/crypto'
import { relayKey } from '#core/protocol'
import { rcvQueueOf } from '#core/store'
import { numbered, type Party, until } from './party.ts'
import { connect, makeWorld, type World } from './setup.ts'

beforeAll(() => cryptoReady())

const infoOf = (one: Party) => one.store.read((db) => one.agent.connectionInfo(db, one.connId!))

/** Before the `nth` request of that kind by that party, all queues of the relay are gone. */
function loseQueues(world: World, at: { from: string; type: string; relay: 'A' | 'B' }): void {
  const { network, relayA, relayB } = world
  const relay = relayKey(at.relay === 'A' ? relayA : relayB)
  network.onRequest = ({ from, type }) => {
    if (from !== at.from || type !== at.type) return undefined
    network.onRequest = null
    for (const key of network.queues.keys()) if (key.startsWith(relay)) network.queues.delete(key)
    return undefined
  }
}

describe('a handshake that cannot be finished', () => {
  test('joiner: the confirmation is refused, the connection fails for good and says so once', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    const link = await alice.invite()
    loseQueues(world, { from: 'bob', type: 'SEND', relay: 'A' })
    await bob.join(link)
    await until(() => bob.details('failed').length === 1)
    expect(bob.details('failed')).toEqual(['agent.not-available'])
    expect(infoOf(bob)).toMatchObject({
      phase: 'failed',
      error: 'agent.not-available',
      canSend: false,
      pending: 0,
    })
  })

  test('initiator: the reply queue is refused, the connection fails, and messages already written fail with it', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    const link = await alice.invite()
    loseQueues(world, { from: 'alice', type: 'SKEY', relay: 'B' })
    await bob.join(link)
    await until(() => alice.details('ready').length === 1)
    alice.sendUpTo(2)
    await until(() => alice.details('failed').length === 1)
    expect(alice.details('failed')).toEqual(['agent.not-available'])
    expect(alice.details('send-failed')).toHaveLength(2)
    expect(alice.pending).toBe(0)
  })

  test('an application that refuses the peer gets no connection, and the peer gets nothing', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.refuse = 'chat.unreadable'
    alice.start()
    bob.start()
    await bob.join(await alice.invite())
    await until(() => alice.details('failed').length === 1)
    expect(alice.details('failed')).toEqual(['chat.unreadable'])
    expect(bob.details('info')).toEqual([])
  })
})

describe('a queue of our own that is lost', () => {
  test('before the connection exists: it fails', async () => {
    await using world = makeWorld()
    const { alice, network } = world
    alice.start()
    await alice.invite()
    await alice.kill()
    network.queues.clear()
    alice.start()
    await until(() => alice.details('failed').length === 1)
    expect(alice.details('failed')).toEqual(['agent.queue-gone'])
  })

  test('of a connection that talks: it is told, and sending still works', async () => {
    await using world = makeWorld()
    const { alice, bob, network, relayA } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    await until(() => alice.pending + bob.pending === 0)
    await alice.kill()
    for (const key of network.queues.keys()) if (key.startsWith(relayKey(relayA))) network.queues.delete(key)
    alice.start()
    await until(() => alice.details('receiving-lost').length === 1)
    expect(infoOf(alice)).toMatchObject({ receiving: 'gone', phase: 'connected', canSend: true })
    alice.sendUpTo(1)
    await until(() => bob.details('message').length === 1)
  })

  test('taken over by another copy: it is told, not fought over, and listened to again after a restart', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    await until(() => alice.pending + bob.pending === 0)
    const { rcvId } = alice.store.read((db) => rcvQueueOf(db, alice.connId!))!
    network.poolOf('alice')!.takeOver(alice.relay, rcvId)
    expect(alice.details('receiving-lost')).toEqual(['agent.queue-ended'])
    expect(infoOf(alice)).toMatchObject({ receiving: 'ended' })
    bob.sendUpTo(1)
    await until(() => bob.details('sent').length === 1)
    expect(alice.details('message')).toEqual([])
    await alice.kill()
    alice.start()
    await until(() => alice.details('message').length === 1)
    expect(alice.details('message')).toEqual(numbered('bob', 1))
    expect(infoOf(alice)).toMatchObject({ receiving: 'ok' })
  })
})

describe('the application in the middle of a message', () => {
  test('may delete the connection: the message is taken, its queue goes, and nothing comes again', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    bob.deleteOn = 'alice 2'
    alice.start()
    bob.start()
    await connect(alice, bob)
    await until(() => alice.sendUpTo(2))
    await until(() => bob.details('message').length === 2)
    await until(() => network.queues.size === 1)
    expect(infoOf(bob)).toBeNull()
    expect(bob.details('message')).toEqual(numbered('alice', 2))
  })
})
