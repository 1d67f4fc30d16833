import { describe, expect, test } from 'vitest'
import { toHex } from '#core/base'
import { sha3_384, systemRandom } from '#core/crypto'
import type { Command, Response } from '#core/protocol'
import { type TestClient, aKey, aQueue, askForQueue, authError, cmdError, ok } from './client.ts'
import { aClient, aRelay } from './setup.ts'
import { send } from './words.ts'

const LGET: Command = { type: 'LGET' }
const LDEL: Command = { type: 'LDEL' }

function derived(corrId: Uint8Array): Uint8Array {
  return sha3_384(corrId).slice(0, 24)
}

const fixed = systemRandom.bytes(2_088)
const user = systemRandom.bytes(500)

async function anInvitation(client: TestClient) {
  const corrId = systemRandom.bytes(24)
  const link = { sndId: derived(corrId), fixed, user }
  const queue = await aQueue(client, { corrId, request: { mode: 'M', link } })
  return { queue, linkId: queue.ids.linkId! }
}

async function anAddress(client: TestClient, linkId = systemRandom.bytes(24)) {
  const corrId = systemRandom.bytes(24)
  const link = { linkId, sndId: derived(corrId), fixed, user }
  const queue = await aQueue(client, { corrId, request: { mode: 'C', link } })
  return { queue, linkId }
}

function set(linkId: Uint8Array, fixedData: Uint8Array, userData: Uint8Array): Command {
  return { type: 'LSET', linkId, fixed: fixedData, user: userData }
}

function link(sndId: Uint8Array, userData: Uint8Array): Response {
  return { type: 'LNK', sndId, fixed, user: userData }
}

/** Two answers are the same bytes, whatever kind of array holds them. */
function plain(response: Response): unknown {
  return JSON.parse(
    JSON.stringify(response, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value)),
  )
}

describe('smp.md 10, invitation links', () => {
  test('the sndId must come from the corrId; then IDS has it, the mode and a linkId', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const strange = { sndId: systemRandom.bytes(24), fixed, user }
    const { answer } = await askForQueue(alice, { request: { mode: 'M', link: strange } })
    expect(answer.response).toEqual(cmdError('PROHIBITED'))
    const { queue, linkId } = await anInvitation(alice)
    expect(queue.ids.mode).toBe('M')
    expect(linkId).toHaveLength(24)
  })

  test('the same corrId twice is refused, since its sndId exists', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const corrId = systemRandom.bytes(24)
    const request = { mode: 'M', link: { sndId: derived(corrId), fixed, user } } as const
    await aQueue(alice, { corrId, request })
    const { answer } = await askForQueue(alice, { corrId, request })
    expect(answer.response).toEqual(authError)
  })

  test('only the first key claims the data, again and again, and a claimed link cannot be changed', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const bob = await aClient(relay)
    const { queue, linkId } = await anInvitation(alice)
    expect(await bob.say(LGET, linkId)).toEqual(authError)
    const newer = systemRandom.bytes(600)
    expect(await alice.say(set(linkId, fixed, newer), queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await alice.say(set(linkId, user, newer), queue.rcvId, queue.key.own)).toEqual(authError)

    const sender = aKey()
    const claim: Command = { type: 'LKEY', sndKey: sender.public }
    expect(await bob.say(claim, linkId)).toEqual(cmdError('NO_AUTH'))
    expect(await bob.say(claim, linkId, aKey().own)).toEqual(authError)
    expect(await bob.say(claim, queue.rcvId, sender.own)).toEqual(authError)
    for (let again = 0; again < 2; again++)
      expect(plain(await bob.say(claim, linkId, sender.own))).toEqual(plain(link(queue.sndId, newer)))
    const other = aKey()
    expect(await bob.say({ type: 'LKEY', sndKey: other.public }, linkId, other.own)).toEqual(authError)
    expect(await alice.say(set(linkId, fixed, user), queue.rcvId, queue.key.own)).toEqual(authError)
    expect(await alice.say(LDEL, queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await bob.say(claim, linkId, sender.own)).toEqual(authError)
  })

  test('the first SEND after securing removes the link data', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const { queue, linkId } = await anInvitation(alice)
    const sender = aKey()
    const claim: Command = { type: 'LKEY', sndKey: sender.public }
    expect((await alice.say(claim, linkId, sender.own)).type).toBe('LNK')
    expect(await alice.say(send('hello'), queue.sndId, sender.own)).toEqual(ok)
    expect(await alice.say(claim, linkId, sender.own)).toEqual(authError)
  })
})

describe('smp.md 10, contact links', () => {
  test('everybody may read, the owner may change the user data and remove it', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const bob = await aClient(relay)
    const { queue, linkId } = await anAddress(alice)
    expect(queue.ids.linkId).toEqual(linkId)
    const sender = aKey()
    expect(await bob.say({ type: 'LKEY', sndKey: sender.public }, linkId, sender.own)).toEqual(authError)
    expect(await bob.say(LGET, linkId, sender.own)).toEqual(cmdError('HAS_AUTH'))
    expect(await bob.say(LGET, queue.rcvId)).toEqual(authError)
    for (let again = 0; again < 2; again++)
      expect(plain(await bob.say(LGET, linkId))).toEqual(plain(link(queue.sndId, user)))

    const newer = systemRandom.bytes(13_864)
    expect(await alice.say(set(linkId, fixed, newer), queue.rcvId, queue.key.own)).toEqual(ok)
    expect(plain(await bob.say(LGET, linkId))).toEqual(plain(link(queue.sndId, newer)))
    expect(await alice.say(set(systemRandom.bytes(24), fixed, user), queue.rcvId, queue.key.own)).toEqual(
      authError,
    )
    expect(await alice.say(set(linkId, user, user), queue.rcvId, queue.key.own)).toEqual(authError)
    for (let again = 0; again < 2; again++)
      expect(await alice.say(LDEL, queue.rcvId, queue.key.own)).toEqual(ok)
    expect(await bob.say(LGET, linkId)).toEqual(authError)
  })

  test('nobody takes the link of another', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const mallory = await aClient(relay)
    const { linkId } = await anAddress(alice)
    const corrId = systemRandom.bytes(24)
    const request = { mode: 'C', link: { linkId, sndId: derived(corrId), fixed, user } } as const
    const { answer } = await askForQueue(mallory, { corrId, request })
    expect(answer.response).toEqual(authError)
    const own = await aQueue(mallory, { request: { mode: 'C', link: null } })
    expect(await mallory.say(set(linkId, fixed, user), own.rcvId, own.key.own)).toEqual(authError)
  })
})
