import { beforeAll, describe, expect, it } from 'vitest'
import { concatBytes, toHex, utf8 } from '#core/base'
import {
  aesGcmSeal,
  chainStep,
  cryptoReady,
  decryptMessage,
  encryptBody,
  encryptHeader,
  generateX3dh,
  initInitiatorRatchet,
  initJoinerRatchet,
  kemOffer,
  securityCode,
  sha256,
  spkiOf,
  x3dhInitiate,
  x3dhPublic,
  x448PublicKey,
  type KemOffer,
  type KeyPair,
  type RatchetState,
  type X3dhPrivate,
} from '#core/crypto'
import { bytes16, bytes8, encode, maybe, pad, u16, u32 } from '#core/encoding'

beforeAll(cryptoReady)

const versions = { current: 3, max: 3 }

function keyOf(byte: number): KeyPair {
  const privateKey = new Uint8Array(56).fill(byte)
  return { privateKey, publicKey: x448PublicKey(privateKey) }
}

function twoSides(
  joinerKeys: X3dhPrivate = generateX3dh(),
  initiatorKeys: X3dhPrivate = generateX3dh(),
  firstKey?: KeyPair,
): { joiner: RatchetState; initiator: RatchetState } {
  const peer = x3dhPublic(initiatorKeys, 3)
  return {
    joiner: initJoinerRatchet({ versions, own: joinerKeys, peer, ...(firstKey && { firstKey }) }),
    initiator: initInitiatorRatchet({ versions, own: initiatorKeys, peer: x3dhPublic(joinerKeys, 3) }),
  }
}

/** A message as a peer with the post-quantum part on would write it: the header padded to 2310. agent.md 0.6 */
function messageOfPqPeer(state: RatchetState, kem: KemOffer, key = state.ownKey.publicKey): Uint8Array {
  const { chainKey, headerKey } = state.sending!
  const step = chainStep(chainKey)
  const header = concatBytes(
    encode(u16, 3),
    encode(bytes8, spkiOf('x448', key)),
    encode(maybe(kemOffer), kem),
    encode(u32, 0),
    encode(u32, 0),
  )
  const sealed = aesGcmSeal(headerKey, step.headerIv, state.ad, pad(header, 2310))
  const emHeader = concatBytes(encode(u16, 3), step.headerIv, sealed.tag, encode(bytes16, sealed.ciphertext))
  const body = aesGcmSeal(step.messageKey, step.bodyIv, concatBytes(state.ad, emHeader), pad(utf8('hi'), 64))
  return concatBytes(encode(bytes16, emHeader), body.tag, body.ciphertext)
}

const proposed: KemOffer = { type: 'proposed', key: new Uint8Array(1158) }
const accepted: KemOffer = { type: 'accepted', key: new Uint8Array(1158), ciphertext: new Uint8Array(1039) }

describe('the worked example of agent.md 3.9', () => {
  it('gives the message and the code that are printed there', () => {
    const initiatorKeys = { key1: keyOf(1), key2: keyOf(2) }
    const joinerKeys = { key1: keyOf(3), key2: keyOf(4) }
    const { joiner, initiator } = twoSides(joinerKeys, initiatorKeys, keyOf(5))
    const { prepared } = encryptHeader(joiner, { paddedLength: 14_832 })
    const message = encryptBody(prepared, utf8('I{"v":"1"}'))
    expect(message).toHaveLength(14_974)
    expect(toHex(sha256(message))).toBe('1f34d82ce11980b8c359aa4fa3aa854e41a285cba7372f4fe7b12bbda8b07df1')
    expect(toHex(sha256(prepared.header))).toBe(
      'a5f5c540419a9d6a5b3cb61cd3c44d610fd22f6f3d440264a6465b84d63ef764',
    )
    expect(securityCode(initiator.ad)).toBe(
      '95000 32785 54349 27195 26369 80270 02910 39239 71146 11347 84618 68514 83821 22593 42283 73',
    )
  })
})

describe('a peer with the post-quantum part on', () => {
  it('is understood while it proposes, and is answered without it', () => {
    const { joiner, initiator } = twoSides()
    const result = decryptMessage(initiator, [], messageOfPqPeer(joiner, proposed))
    if (!result.ok) throw result.error
    expect(new TextDecoder().decode(result.plaintext)).toBe('hi')
    const { prepared } = encryptHeader(result.next, { paddedLength: 64 })
    expect(prepared.header).toHaveLength(124)
  })

  it('that accepts what nobody proposed is refused, and nothing moves', () => {
    const { joiner, initiator } = twoSides()
    const result = decryptMessage(initiator, [], messageOfPqPeer(joiner, accepted))
    expect(result).toMatchObject({ ok: false, error: { code: 'ratchet.kem' }, next: null, addSkipped: [] })
    const confirmation = { ...x3dhPublic(generateX3dh(), 3), kem: accepted }
    expect(() => x3dhInitiate(generateX3dh(), confirmation)).toThrow(
      expect.objectContaining({ code: 'ratchet.kem' }) as Error,
    )
  })
})

describe('a ratchet', () => {
  it('of the initiator cannot send before the joiner has', () => {
    const { joiner, initiator } = twoSides()
    expect(() => encryptHeader(initiator, { paddedLength: 64 })).toThrow(
      expect.objectContaining({ code: 'ratchet.no-sending-chain' }) as Error,
    )
    const first = encryptBody(encryptHeader(joiner, { paddedLength: 64 }).prepared, utf8('hi'))
    const result = decryptMessage(initiator, [], first)
    expect(result.ok && result.next.sending).not.toBeNull()
  })

  it('encrypts one prepared message to the same bytes however often it is sent', () => {
    const { prepared } = encryptHeader(twoSides().joiner, { paddedLength: 64 })
    expect(encryptBody(prepared, utf8('hi'))).toEqual(encryptBody(prepared, utf8('hi')))
  })

  it('refuses a text that does not fit the padded length', () => {
    const { prepared } = encryptHeader(twoSides().joiner, { paddedLength: 64 })
    expect(() => encryptBody(prepared, new Uint8Array(63))).toThrow(
      expect.objectContaining({ code: 'encoding.encode' }) as Error,
    )
  })

  it('refuses a genuine header that brings a key of low order, and nothing moves', () => {
    const { joiner, initiator } = twoSides()
    const message = messageOfPqPeer(joiner, proposed, new Uint8Array(56))
    expect(decryptMessage(initiator, [], message)).toMatchObject({
      ok: false,
      error: { code: 'ratchet.malformed' },
      next: null,
    })
  })

  it('keeps the step to a new chain that begins more than 512 messages ahead (agent.md 3.6)', () => {
    const { joiner, initiator } = twoSides()
    let sender = joiner
    for (let i = 0; i < 513; i++) sender = encryptHeader(sender, { paddedLength: 64 }).next
    const message = encryptBody(encryptHeader(sender, { paddedLength: 64 }).prepared, utf8('hi'))
    const result = decryptMessage(initiator, [], message)
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'ratchet.skipped', facts: { count: 514 } },
      addSkipped: [],
    })
    expect(result.next?.received).toBe(0)
    expect(result.next?.receiving).not.toBeNull()
  })
})
