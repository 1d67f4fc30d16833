import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { equalBytes, utf8 } from '#core/base'
import {
  cryptoReady,
  decodePrepared,
  decodeRatchet,
  decryptMessage,
  encodePrepared,
  encodeRatchet,
  encryptBody,
  encryptHeader,
  generateX3dh,
  initInitiatorRatchet,
  initJoinerRatchet,
  MAX_SKIP,
  securityCode,
  x3dhPublic,
  type Decrypted,
  type RatchetState,
  type SkippedKey,
} from '#core/crypto'

beforeAll(cryptoReady)

interface Party {
  state: RatchetState
  skipped: SkippedKey[]
}
interface Sent {
  text: string
  bytes: Uint8Array
  delivered: boolean
}

/** Padded far below a real message: the number of steps matters here, not their size. */
const PADDED = 64

function twoParties(versions = { current: 3, max: 3 }): { joiner: Party; initiator: Party } {
  const [own, peer] = [generateX3dh(), generateX3dh()]
  return {
    joiner: {
      state: initJoinerRatchet({ versions, own, peer: x3dhPublic(peer, versions.current) }),
      skipped: [],
    },
    initiator: {
      state: initInitiatorRatchet({ versions, own: peer, peer: x3dhPublic(own, versions.current) }),
      skipped: [],
    },
  }
}

function send(party: Party, text: string): Sent {
  const { next, prepared } = encryptHeader(party.state, { paddedLength: PADDED })
  // Through the stored forms, as the agent does it.
  party.state = decodeRatchet(encodeRatchet(next))
  return { text, bytes: encryptBody(decodePrepared(encodePrepared(prepared)), utf8(text)), delivered: false }
}

function receive(party: Party, bytes: Uint8Array): Decrypted {
  const result = decryptMessage(party.state, party.skipped, bytes)
  if (result.next) party.state = result.next
  const isDropped = (key: SkippedKey): boolean =>
    result.dropSkipped.some((drop) => drop.number === key.number && equalBytes(drop.headerKey, key.headerKey))
  party.skipped = [...party.skipped.filter((key) => !isDropped(key)), ...result.addSkipped]
  return result
}

/** Nothing to store: no state, no keys. */
function expectNothingMoved(result: Decrypted): void {
  expect(result.ok).toBe(false)
  expect(result.next).toBeNull()
  expect(result.addSkipped).toEqual([])
  expect(result.dropSkipped).toEqual([])
}

type Action = { do: 'send' | 'deliver' | 'redeliver'; by: 'joiner' | 'initiator'; pick: number }

const action: fc.Arbitrary<Action> = fc.record({
  do: fc.oneof(
    { weight: 4, arbitrary: fc.constant('send' as const) },
    { weight: 4, arbitrary: fc.constant('deliver' as const) },
    { weight: 1, arbitrary: fc.constant('redeliver' as const) },
  ),
  by: fc.constantFrom('joiner', 'initiator'),
  pick: fc.nat(),
})

function play(actions: readonly Action[], versions?: { current: number; max: number }): void {
  const parties = twoParties(versions)
  const inbox: Record<'joiner' | 'initiator', Sent[]> = { joiner: [], initiator: [] }
  const first = send(parties.joiner, 'first')
  inbox.initiator.push(first)
  for (const [index, { do: what, by, pick }] of actions.entries()) {
    const other = by === 'joiner' ? 'initiator' : 'joiner'
    if (what === 'send') {
      if (parties[by].state.sending) inbox[other].push(send(parties[by], `${by} ${index}`))
      continue
    }
    const waiting = inbox[by].filter((sent) => sent.delivered === (what === 'redeliver'))
    const sent = waiting[pick % Math.max(1, waiting.length)]
    if (!sent) continue
    const result = receive(parties[by], sent.bytes)
    if (what === 'redeliver') {
      expectNothingMoved(result)
      continue
    }
    if (!result.ok) throw result.error
    expect(new TextDecoder().decode(result.plaintext)).toBe(sent.text)
    sent.delivered = true
  }
  // What was late until now still opens.
  for (const by of ['joiner', 'initiator'] as const) {
    for (const sent of inbox[by].filter(({ delivered }) => !delivered).toReversed()) {
      const result = receive(parties[by], sent.bytes)
      if (!result.ok) throw result.error
      expect(new TextDecoder().decode(result.plaintext)).toBe(sent.text)
    }
  }
  expect(securityCode(parties.joiner.state.ad)).toBe(securityCode(parties.initiator.state.ad))
}

describe('two ratchets', () => {
  it('agree under any order, loss and repetition, and a repeated message moves nothing', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => play(actions)),
      { numRuns: 60 },
    )
  })

  it('agree as well in version 2, and when both rise from 2 to 3 on the way', () => {
    const versions = fc.constantFrom({ current: 2, max: 2 }, { current: 2, max: 3 })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), versions, (actions, range) => play(actions, range)),
      { numRuns: 20 },
    )
  })

  it('skip 512 messages at once and refuse 513, with the ratchet as it was', () => {
    const { joiner, initiator } = twoParties()
    expect(receive(initiator, send(joiner, 'zero').bytes).ok).toBe(true)
    const gap = Array.from({ length: MAX_SKIP + 2 }, (_, i) => send(joiner, `${i}`))
    const tooFar = receive(initiator, gap[MAX_SKIP + 1]!.bytes)
    expectNothingMoved(tooFar)
    expect(!tooFar.ok && tooFar.error).toMatchObject({
      code: 'ratchet.skipped',
      facts: { count: MAX_SKIP + 2 },
    })
    expect(receive(initiator, gap[MAX_SKIP]!.bytes).ok).toBe(true)
    expect(initiator.skipped).toHaveLength(MAX_SKIP)
    for (const sent of gap.slice(0, MAX_SKIP)) expect(receive(initiator, sent.bytes).ok).toBe(true)
    expect(initiator.skipped).toHaveLength(0)
    expect(receive(initiator, gap[MAX_SKIP + 1]!.bytes).ok).toBe(true)
  })
})

describe('a forged message', () => {
  it('moves nothing when any byte of a genuine one was changed, and the genuine one still opens', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, mask, late) => {
        const { joiner, initiator } = twoParties()
        const early = send(joiner, 'early')
        const genuine = send(joiner, 'genuine')
        if (late) expect(receive(initiator, send(joiner, 'last').bytes).ok).toBe(true)
        const forged = genuine.bytes.slice()
        forged[at % forged.length]! ^= mask
        expectNothingMoved(receive(initiator, forged))
        expect(receive(initiator, genuine.bytes).ok).toBe(true)
        expect(receive(initiator, early.bytes).ok).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('moves nothing when it is any bytes at all, or a genuine one cut short', () => {
    const { joiner, initiator } = twoParties()
    const genuine = send(joiner, 'genuine').bytes
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.nat({ max: genuine.length - 1 }).map((length) => genuine.slice(0, length)),
      fc.uint8Array({ maxLength: 300 }).map((rest) => Uint8Array.of(0, 124, 0, 3, ...rest)),
    )
    fc.assert(
      fc.property(bytes, (message) => expectNothingMoved(decryptMessage(initiator.state, [], message))),
      { numRuns: 500 },
    )
    expect(receive(initiator, genuine).ok).toBe(true)
  })
})

describe('a stored ratchet', () => {
  it('reads back as it was, and anything else is a typed error', () => {
    const { joiner, initiator } = twoParties()
    receive(initiator, send(joiner, 'one').bytes)
    for (const { state } of [joiner, initiator]) expect(decodeRatchet(encodeRatchet(state))).toEqual(state)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(() => decodeRatchet(bytes)).toThrow(expect.objectContaining({ code: 'encoding.decode' }))
        expect(() => decodePrepared(bytes)).toThrow(expect.objectContaining({ code: 'encoding.decode' }))
      }),
    )
  })
})
