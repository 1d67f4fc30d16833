import { beforeAll, describe, expect, test } from 'vitest'
import {
  agentEnvelopeCodec,
  encodeAgentMessage,
  messageHash,
  PADDED_AGENT_MESSAGE,
  sealClientMessage,
  type AgentEnvelope,
  type AMessage,
} from '../../../core/agent/wire/index.ts'
import { serverAddress } from '../../../core/agent/addresses.ts'
import { concatBytes, utf8 } from '#core/base'
import {
  cryptoReady,
  decodeRatchet,
  encodePrepared,
  encodeRatchet,
  encryptHeader,
  randomBytes,
} from '#core/crypto'
import { encode } from '#core/encoding'
import {
  getAgentConnection,
  getRatchet,
  insertDelivery,
  insertSent,
  patchAgentConnection,
  putRatchet,
  skippedKeys,
  sndQueueOf,
  sql,
} from '#core/store'
import { numbered, type Party, until } from './party.ts'
import { connect, makeWorld } from './setup.ts'

beforeAll(() => cryptoReady())

/** As `send`, for messages that our agent never makes. */
function inject(one: Party, message: AMessage): void {
  const connId = one.connId!
  one.store.write((tx) => {
    const { lastSndId, lastSndHash } = getAgentConnection(tx, connId)!
    const sndId = lastSndId + 1
    const plaintext = encodeAgentMessage({ type: 'message', msgId: sndId, prevHash: lastSndHash, message })
    const { next, prepared } = encryptHeader(decodeRatchet(getRatchet(tx, connId)!), {
      paddedLength: PADDED_AGENT_MESSAGE,
    })
    putRatchet(tx, connId, encodeRatchet(next))
    const hash = messageHash(plaintext)
    patchAgentConnection(tx, connId, { lastSndId: sndId, lastSndHash: hash })
    const row = { connId, sndId, hash, plaintext, prepared: encodePrepared(prepared) }
    insertSent(tx, { ...row, type: 'receipt', notification: false, createdAt: Date.now() })
    insertDelivery(tx, { queueId: sndQueueOf(tx, connId)!.queueId, connId, sndId })
  })
  one.agent.retryNow()
}

/** A SEND of anything at all, by whoever may send to the queue. */
async function sendRaw(one: Party, body: Uint8Array): Promise<void> {
  const queue = one.store.read((db) => sndQueueOf(db, one.connId!))!
  await one.pool.request(serverAddress(queue.server), {
    entityId: queue.sndId,
    command: { type: 'SEND', notify: false, body },
    key: { algorithm: 'ed25519', privateKey: queue.authPrivate },
  })
}

function sealed(one: Party, envelope: AgentEnvelope | Uint8Array): Uint8Array {
  const queue = one.store.read((db) => sndQueueOf(db, one.connId!))!
  const body = envelope instanceof Uint8Array ? envelope : encode(agentEnvelopeCodec, envelope)
  return sealClientMessage(
    queue.e2eSecret,
    { version: 4, dhKey: null, nonce: randomBytes(24) },
    { senderKey: null, body },
  )
}

describe('a message that cannot be used', () => {
  test('of any layer is reported, taken from the queue, and the next one comes', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    const bodies = [
      new Uint8Array(0),
      randomBytes(16_000),
      sealed(alice, randomBytes(100)),
      sealed(alice, { type: 'message', agentVersion: 7, encrypted: randomBytes(500) }),
      sealed(alice, { type: 'message', agentVersion: 7, encrypted: new Uint8Array(0) }),
      sealed(alice, { type: 'confirmation', agentVersion: 7, e2e: null, encrypted: randomBytes(500) }),
      sealed(alice, { type: 'invitation', agentVersion: 7, link: 'simplex:/x', connInfo: utf8('x') }),
    ]
    for (const body of bodies) await sendRaw(alice, body)
    alice.sendUpTo(1)
    await until(() => bob.details('message').length === 1)
    expect(bob.details('undecryptable')).toHaveLength(bodies.length)
    expect(bob.details('message')).toEqual(['alice 1'])
    expect(bob.details('integrity')).toEqual([])
  })

  test.each(['altered', 'under another id', 'replayed'])(
    'that a relay has %s does not end the queue: the true one is asked for, and comes',
    async (how) => {
      await using world = makeWorld()
      const { alice, bob, network } = world
      alice.start()
      bob.start()
      await connect(alice, bob)
      alice.sendUpTo(1)
      await until(() => bob.details('message').length === 1)
      await until(() => alice.pending === 0)
      let lies = 3
      let before: { msgId: Uint8Array; body: Uint8Array } | null = null
      network.onDeliver = (message) => {
        const last = before
        before = message
        if (lies === 0) return null
        lies -= 1
        if (how === 'altered') return { msgId: randomBytes(24), body: randomBytes(message.body.length) }
        if (how === 'under another id') return { ...message, msgId: randomBytes(24) }
        return last && { ...last, msgId: last.msgId.slice() }
      }
      alice.sendUpTo(4)
      await until(() => bob.details('message').length === 4)
      expect(bob.details('message')).toEqual(numbered('alice', 4))
      expect(bob.details('integrity')).toEqual([])
    },
  )

  test('that needs no answer, or gets none, is taken and keeps the chain whole', async () => {
    await using world = makeWorld()
    const { alice, bob, relayA } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    const queue = { server: relayA, senderId: randomBytes(24) }
    const uri = { ...queue, versions: { min: 1, max: 4 }, dhKey: randomBytes(32), mode: 'M' as const }
    inject(alice, { type: 'QADD', queues: [{ queue: uri, replaces: null }] })
    inject(alice, { type: 'QUSE', queues: [{ queue, primary: true }] })
    inject(alice, { type: 'QTEST', queues: [queue] })
    inject(alice, { type: 'EREADY', lastMsgId: 1 })
    inject(alice, { type: 'HELLO' })
    inject(alice, { type: 'A_QCONT', queue })
    inject(alice, {
      type: 'A_RCVD',
      receipts: [{ msgId: 99, msgHash: randomBytes(32), info: new Uint8Array(0) }],
    })
    await until(() => alice.pending === 0)
    await until(() => alice.sendUpTo(2))
    await until(() => alice.details('receipt').length === 2)
    expect(bob.details('message')).toEqual(numbered('alice', 2))
    expect(bob.details('integrity')).toEqual([])
    // QADD and QUSE
    expect(bob.details('undecryptable')).toEqual(['agent.prohibited', 'agent.prohibited'])
  })

  test('sent again with the same inside is dropped without a word', async () => {
    await using world = makeWorld()
    const { alice, bob, network } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    await until(() => alice.pending + bob.pending === 0)
    network.onRequest = ({ type, from }) => {
      if (type !== 'SEND' || from !== 'alice') return undefined
      network.onRequest = null
      return 'unanswered'
    }
    await until(() => alice.sendUpTo(3))
    await until(() => alice.details('receipt').length === 3)
    expect(bob.details('message')).toEqual(numbered('alice', 3))
    expect(bob.details('undecryptable')).toEqual([])
  })
})

describe('the application', () => {
  test('that cannot store a message gets it again, and the relay is not told before', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    await until(() => alice.pending + bob.pending === 0)
    bob.store.write((tx) =>
      tx.run(sql`
        CREATE TRIGGER no_room BEFORE INSERT ON app_event WHEN NEW.kind = 'message'
        BEGIN SELECT RAISE(ABORT, 'no room'); END`),
    )
    await until(() => alice.sendUpTo(3))
    await until(() => alice.details('sent').length === 3)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(bob.details('message')).toEqual([])
    bob.store.write((tx) => tx.run(sql`DROP TRIGGER no_room`))
    await until(() => alice.details('receipt').length === 3)
    expect(bob.details('message')).toEqual(numbered('alice', 3))
    expect(bob.details('integrity')).toEqual([])
  })
})

describe('skipped messages', () => {
  test('leave their keys, no more than the limit, and the gap is told', async () => {
    await using world = makeWorld()
    const { alice, bob } = world
    alice.start()
    bob.start()
    await connect(alice, bob)
    await until(() => alice.pending + bob.pending === 0)
    for (let round = 0; round < 3; round++) {
      // The relay has lost 500 messages.
      alice.store.write((tx) => {
        for (let i = 0; i < 500; i++) {
          alice.agent.send(tx, alice.connId!, utf8('lost'), { notification: false })
        }
        tx.run(sql`DELETE FROM agent_delivery`)
      })
      const before = bob.details('message').length
      alice.store.write((tx) => alice.agent.send(tx, alice.connId!, utf8('there'), { notification: false }))
      await until(() => bob.details('message').length === before + 1)
    }
    expect(bob.details('integrity')).toEqual(['skipped', 'skipped', 'skipped'])
    const kept = bob.store.read((db) => skippedKeys(db, bob.connId!))
    expect(kept.length).toBe(1024)
    expect(concatBytes(...kept.map(({ messageKey }) => messageKey)).length).toBe(1024 * 32)
  })
})
