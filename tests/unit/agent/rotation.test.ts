import { beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady, randomBytes } from '#core/crypto'
import { relayKey, type RelayAddress } from '#core/protocol'
import { sql } from '#core/store'
import { numbered, until } from './party.ts'
import { another, back, hasMoved, isAt, newQueue, rows, scene, wrong, type Scene } from './rotation-tools.ts'

beforeAll(() => cryptoReady())

describe('a peer that moves its queue', () => {
  test('is written to at the new relay; before, meanwhile and after, every message comes once and in order', async () => {
    await using here = await scene()
    const { alice, peer, relayC } = here
    alice.sendUpTo(5)
    await until(() => peer.texts.length === 2)
    const moving = peer.rotate('new', relayC)
    alice.sendUpTo(20)
    await moving
    await peer.text('bob 1')
    await until(() => {
      alice.sendUpTo(Math.min(alice.details('sent').length + 1, 60))
      return hasMoved(alice, relayC)
    })
    const sent = alice.store.read((db) => db.get<{ n: number }>(sql`SELECT count(*) AS n FROM app_sent`))!.n
    await peer.text('bob 2')
    await until(() => alice.sendUpTo(sent + 5))
    await until(() => peer.texts.length === sent + 2 && alice.pending === 0)
    expect(peer.texts).toEqual(numbered('alice', sent + 5).slice(3))
    expect(peer.isWhole).toBe(true)
    expect(peer.duplicates).toBe(0)
    expect(peer.at('old').filter((type) => type.startsWith('Q'))).toEqual(['QKEY'])
    expect(peer.at('new').filter((type) => type.startsWith('Q'))).toEqual(['QTEST'])
    await until(() => alice.details('message').length === 2)
    expect(alice.details('message')).toEqual(['bob 1', 'bob 2'])
    expect(wrong(alice)).toEqual([])
    const info = alice.store.read((db) => alice.agent.connectionInfo(db, alice.connId!))!
    expect(relayKey(info.peerRelay!)).toBe(relayKey(relayC))
    expect(info).toMatchObject({ canSend: true, pending: 0, waiting: null })
  })

  test('may move again, and again', async () => {
    await using here = await scene()
    const { alice, peer, relayC, relayD } = here
    await peer.rotate('second', relayC)
    await until(() => hasMoved(alice, relayC))
    await until(() => alice.sendUpTo(6))
    await peer.rotate('third', relayD, { replaces: peer.addressOf('second') })
    await until(() => hasMoved(alice, relayD))
    await until(() => alice.sendUpTo(9))
    await until(() => peer.texts.length === 6)
    expect(peer.isWhole).toBe(true)
    expect(wrong(alice)).toEqual([])
  })

  test('gets at the new relay what the old one, full, did not take', async () => {
    await using here = await scene()
    const { alice, peer, relayC, world } = here
    peer.answersKey = false
    await peer.rotate('new', relayC)
    await until(() => peer.at('old').includes('QKEY'))
    peer.held.add('old')
    world.network.quota = 4
    await until(() => alice.sendUpTo(15))
    await until(() => alice.details('delayed').includes('relay.quota'))
    world.network.quota = 128
    peer.held.add('new')
    await peer.use('new')
    await until(() => hasMoved(alice, relayC) && alice.pending === 0)
    peer.release('old')
    await until(() => peer.at('old').filter((type) => type === 'A_MSG').length === 4)
    peer.release('new')
    await until(() => peer.texts.length === 12)
    expect(peer.texts).toEqual(numbered('alice', 15).slice(3))
    expect(peer.isWhole).toBe(true)
    await until(() => peer.at('new').at(-1) === 'QTEST')
    expect(wrong(alice)).toEqual([])
    expect(alice.details('delayed')).toEqual(['relay.quota', 'no'])
  })

  test('leaves a relay that has died: what waits goes to the new one', async () => {
    await using here = await scene()
    const { alice, peer, relayC, world } = here
    peer.answersKey = false
    await peer.rotate('new', relayC)
    await until(() => peer.at('old').includes('QKEY') && alice.pending === 0)
    world.network.offline.add(relayKey(world.relayB))
    await until(() => alice.sendUpTo(8))
    await until(() => alice.details('delayed').includes('relay.unreachable'))
    await peer.use('new')
    await until(() => hasMoved(alice, relayC) && peer.texts.length === 5)
    expect(peer.texts).toEqual(numbered('alice', 8).slice(3))
    await until(() => peer.at('new').includes('QTEST'))
    expect(peer.isWhole).toBe(true)
    expect(wrong(alice)).toEqual([])
  })

  test('is written to at the old relay as long as the new one does not answer', async () => {
    await using here = await scene()
    const { alice, peer, relayC, world } = here
    peer.answersKey = false
    await peer.rotate('new', relayC)
    await until(() => peer.at('old').includes('QKEY'))
    world.network.offline.add(relayKey(relayC))
    await peer.use('new')
    await until(() => newQueue(alice) === 'secured')
    await until(() => alice.sendUpTo(8))
    await until(() => peer.texts.length === 5)
    expect(isAt(alice, world.relayB)).toBe(true)
    expect(peer.at('old').filter((type) => type === 'A_MSG')).toHaveLength(5)
    expect(alice.details('delayed')).toEqual([])
    back(here, relayC)
    await until(() => hasMoved(alice, relayC))
    await until(() => alice.sendUpTo(10))
    await until(() => peer.texts.length === 7)
    expect(peer.texts).toEqual(numbered('alice', 10).slice(3))
    expect(peer.unreadable).toBe(0)
    expect(wrong(alice)).toEqual([])
  })

  test('and has deleted the old queue before we know that our first word at the new one arrived', async () => {
    await using here = await scene()
    const { alice, peer, relayC, world } = here
    peer.deletesOld = true
    let lost = 0
    world.network.onRequest = ({ from, relay, type }) => {
      if (from !== 'alice' || type !== 'SEND' || relay !== relayKey(relayC) || lost > 8) return undefined
      lost += 1
      return 'unanswered'
    }
    await peer.rotate('new', relayC)
    await until(() => lost > 3)
    await until(() => alice.sendUpTo(6))
    await until(() => hasMoved(alice, relayC) && peer.texts.length === 3 && alice.pending === 0)
    expect(peer.texts).toEqual(numbered('alice', 6).slice(3))
    expect(peer.unreadable).toBe(0)
    expect(wrong(alice)).toEqual([])
  })

  test('and thinks better of it, stays where it was; later it moves all the same', async () => {
    await using here = await scene()
    const { alice, peer, relayC, relayD, world } = here
    peer.answersKey = false
    await peer.rotate('new', relayC)
    await until(() => peer.at('old').includes('QKEY'))
    const address = peer.addressOf('new')
    await peer.remove('new')
    await peer.say({ type: 'QUSE', queues: [{ queue: address, primary: true }] })
    await until(() => newQueue(alice) === undefined)
    expect(isAt(alice, world.relayB)).toBe(true)
    expect(alice.pending).toBe(0)
    await until(() => alice.sendUpTo(5))
    await until(() => peer.texts.length === 2)
    peer.answersKey = true
    await peer.rotate('third', relayD)
    await until(() => hasMoved(alice, relayD))
    await until(() => alice.sendUpTo(7))
    await until(() => peer.texts.length === 4)
    expect(peer.texts).toEqual(numbered('alice', 7).slice(3))
    expect(wrong(alice)).toEqual([])
  })

  test('asks again for another relay: the first attempt goes', async () => {
    await using here = await scene()
    const { alice, peer, relayC, relayD } = here
    peer.answersKey = false
    await peer.rotate('first', relayC)
    await until(() => peer.at('old').filter((type) => type === 'QKEY').length === 1)
    await peer.rotate('second', relayD)
    await until(() => peer.at('old').filter((type) => type === 'QKEY').length === 2)
    expect(rows(alice)).toBe(2)
    await peer.use('first')
    await until(() => alice.details('undecryptable').length === 1)
    await peer.use('second')
    await until(() => hasMoved(alice, relayD))
    await until(() => alice.sendUpTo(5))
    await until(() => peer.texts.length === 2)
    expect(peer.isWhole).toBe(true)
    expect(alice.details('undecryptable')).toEqual(['agent.prohibited'])
  })
})

describe('what is refused changes nothing and is reported', () => {
  const unknown = (): { server: RelayAddress; senderId: Uint8Array } => ({
    server: another('x.example.org'),
    senderId: randomBytes(24),
  })
  const cases: [string, string, (here: Scene) => Promise<void>][] = [
    [
      'a QADD that replaces nothing',
      'agent.prohibited',
      ({ peer, relayC }) => peer.rotate('new', relayC, { replaces: null }),
    ],
    [
      'a QADD for a queue that we do not send to',
      'agent.prohibited',
      ({ peer, relayC }) => peer.rotate('new', relayC, { replaces: unknown() }),
    ],
    [
      'a QADD with the address that is in use',
      'agent.prohibited',
      ({ peer, relayC }) => peer.rotate('new', relayC, { at: peer.addressOf('old') }),
    ],
    [
      'a QADD of a version that is not ours',
      'agent.version',
      ({ peer, relayC }) => peer.rotate('new', relayC, { versions: { min: 90, max: 91 } }),
    ],
    [
      'a QADD with a key that agrees on nothing',
      'crypto.low-order',
      ({ peer, relayC }) => peer.rotate('new', relayC, { dhKey: new Uint8Array(32) }),
    ],
    [
      'a QADD while new keys are asked for',
      'agent.prohibited',
      async ({ alice, peer, relayC }) => {
        peer.answersNewKeys = false
        alice.store.write((tx) => alice.agent.resync(tx, alice.connId!))
        await peer.rotate('new', relayC)
      },
    ],
    ['a QUSE without a QADD', 'agent.prohibited', ({ peer }) => peer.use('old')],
    [
      'a QKEY that nobody asked for',
      'agent.prohibited',
      ({ peer }) =>
        peer.say({
          type: 'QKEY',
          queues: [
            {
              queue: { ...unknown(), version: 4, dhKey: randomBytes(32), mode: 'M' },
              senderKey: { algorithm: 'ed25519', raw: randomBytes(32) },
            },
          ],
        }),
    ],
  ]
  for (const [what, code, does] of cases) {
    test(what, async () => {
      await using here = await scene()
      const { alice, peer, world } = here
      const before = alice.store.read((db) => db.all(sql`SELECT * FROM agent_snd_queue`))
      await does(here)
      await peer.text('bob 1')
      await until(() => alice.details('message').length === 1)
      expect(alice.details('undecryptable')).toEqual([code])
      expect(alice.details('integrity')).toEqual([])
      expect(alice.store.read((db) => db.all(sql`SELECT * FROM agent_snd_queue`))).toEqual(before)
      await until(() => alice.pending === 0)
      expect(peer.at('old').filter((type) => type.startsWith('Q'))).toEqual([])
      expect(isAt(alice, world.relayB)).toBe(true)
    })
  }

  test('a QADD with the address of the one before, which goes on', async () => {
    await using here = await scene()
    const { alice, peer, relayC, relayD } = here
    peer.answersKey = false
    await peer.rotate('first', relayC)
    await until(() => peer.at('old').includes('QKEY'))
    await peer.rotate('second', relayD, { at: peer.addressOf('first') })
    await until(() => alice.details('undecryptable').length === 1)
    await peer.use('first')
    await until(() => hasMoved(alice, relayC))
  })

  test('a QTEST is none of our business', async () => {
    await using here = await scene()
    const { alice, peer } = here
    await peer.say({ type: 'QTEST', queues: [unknown()] })
    await peer.text('bob 1')
    await until(() => alice.details('message').length === 1)
    expect(wrong(alice)).toEqual([])
  })
})
