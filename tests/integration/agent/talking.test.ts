import { beforeAll, describe, expect, test } from 'vitest'
import { AgentError } from '#core/agent'
import { cryptoReady } from '#core/crypto'
import { numbered, until, type Party } from '../../unit/agent/party.ts'
import { connect } from '../../unit/agent/setup.ts'
import { makeRealWorld } from './world.ts'

beforeAll(() => cryptoReady())

const wrong = (one: Party): string[] =>
  ['integrity', 'undecryptable', 'failed', 'send-failed'].flatMap((kind) => one.details(kind))

describe('two agents and one relay over TLS', () => {
  test('connect, and exchange 100 messages each way in order, with receipts', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const alice = world.party('alice', relay).start()
    const bob = world.party('bob', relay).start()
    await connect(alice, bob)
    await until(() => alice.sendUpTo(100) && bob.sendUpTo(100))
    await until(() => alice.details('receipt').length === 100 && bob.details('receipt').length === 100)
    expect(bob.details('message')).toEqual(numbered('alice', 100))
    expect(alice.details('message')).toEqual(numbered('bob', 100))
    expect([...wrong(alice), ...wrong(bob)]).toEqual([])
    const codeOf = (one: Party): string | null =>
      one.store.read((db) => one.agent.securityCode(db, one.connId!))
    expect(codeOf(alice)).toBe(codeOf(bob))
  })

  test('each in turn is restarted, also the relay, and nothing is lost or doubled', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const alice = world.party('alice', relay).start()
    const bob = world.party('bob', relay).start()
    await connect(alice, bob)
    await until(() => alice.sendUpTo(10) && bob.sendUpTo(10))
    await alice.kill()
    await until(() => bob.sendUpTo(20))
    alice.start()
    await until(() => alice.sendUpTo(20))
    await bob.kill()
    await until(() => alice.sendUpTo(30))
    bob.start()
    await relay.stop()
    await until(() => alice.sendUpTo(40) && bob.sendUpTo(40))
    await relay.start()
    await until(() => alice.details('receipt').length === 40 && bob.details('receipt').length === 40)
    expect(bob.details('message')).toEqual(numbered('alice', 40))
    expect(alice.details('message')).toEqual(numbered('bob', 40))
    expect([...wrong(alice), ...wrong(bob)]).toEqual([])
  })

  test('messages sent while the peer is away arrive when it comes back', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const alice = world.party('alice', relay).start()
    const bob = world.party('bob', relay).start()
    await connect(alice, bob)
    await bob.stop()
    await until(() => alice.sendUpTo(30))
    await until(() => alice.details('sent').length === 30)
    bob.start()
    await until(() => alice.details('receipt').length === 30)
    expect(bob.details('message')).toEqual(numbered('alice', 30))
  })

  test('a link that somebody has used is refused to a third, who keeps nothing of it', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const alice = world.party('alice', relay).start()
    const bob = world.party('bob', relay).start()
    const carol = world.party('carol', relay).start()
    await connect(alice, bob)
    const error = await carol.join(await alice.invite()).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(AgentError)
    expect((error as AgentError).code).toBe('agent.link-used')
    expect(carol.connId).toBeNull()
    expect(carol.events()).toEqual([])
  })

  test('two relays: each side receives at its own', async () => {
    await using world = makeRealWorld()
    const alice = world.party('alice', await world.relay('relay-a')).start()
    const bob = world.party('bob', await world.relay('relay-b')).start()
    await connect(alice, bob)
    const info = bob.store.read((db) => bob.agent.connectionInfo(db, bob.connId!))!
    expect(info.ownRelay?.port).toBe(bob.relay.port)
    expect(info.peerRelay?.port).toBe(alice.relay.port)
    expect(info).toMatchObject({
      phase: 'connected',
      canSend: true,
      receiving: 'ok',
      waiting: null,
      error: null,
    })
  })
})
