import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { isAppError } from '#core/base'
import { cryptoReady, type PublicKey } from '#core/crypto'
import { decode, encode, type Codec } from '#core/encoding'
import type { QueueMode, RelayAddress } from '#core/protocol'
import {
  agentEnvelopeCodec,
  agentMessageCodec,
  aMessageCodec,
  clientEnvelopeCodec,
  clientMessageCodec,
  e2eUriCodec,
  formatFullLink,
  formatInvitationLink,
  formatQueueUri,
  fullLinkCodec,
  openClientMessage,
  parseConnectionLink,
  parseQueueUri,
  queueAddressCodec,
  queueInfoCodec,
  queueUriCodec,
  readConnectionLink,
  sealClientMessage,
  type AgentMessage,
  type AMessage,
  type InvitationLink,
  type QueueAddress,
  type QueueInfo,
  type QueueUri,
} from '../../core/agent/wire/index.ts'

beforeAll(cryptoReady)

/* ---- arbitrary values */

const exactly = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const id = exactly(24)
const host = fc.oneof(
  fc.constantFrom('relay.test', 'smp1.example.org', 'localhost', '192.0.2.1', 'abc.onion', '2001:db8::1'),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}\.test$/),
)
const port = fc.oneof(fc.constant(''), fc.integer({ min: 1, max: 65_535 }).map(String))
const server: fc.Arbitrary<RelayAddress> = fc.record({
  hosts: fc.array(host, { minLength: 1, maxLength: 4 }),
  port,
  keyHash: exactly(32),
  password: fc.constant(null),
})
const mode = fc.constantFrom<QueueMode | null>('M', 'C', null)
const address: fc.Arbitrary<QueueAddress> = fc.record({ server, senderId: id })
/** Of the versions in which nothing gets lost on the way. */
const info: fc.Arbitrary<QueueInfo> = fc.record({
  server,
  senderId: id,
  version: fc.constant(4),
  dhKey: exactly(32),
  mode,
})
const uri: fc.Arbitrary<QueueUri> = fc.record({
  server,
  senderId: id,
  versions: fc.constantFrom({ min: 1, max: 4 }, { min: 2, max: 4 }, { min: 4, max: 4 }),
  dhKey: exactly(32),
  mode,
})
const lossless = uri.map((queue) => ({ ...queue, versions: { min: 4, max: 4 } }))
const msgId = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const authKey: fc.Arbitrary<PublicKey> = fc.oneof(
  exactly(32).map((raw) => ({ algorithm: 'ed25519' as const, raw })),
  exactly(57).map((raw) => ({ algorithm: 'ed448' as const, raw })),
  exactly(32).map((raw) => ({ algorithm: 'x25519' as const, raw })),
)
const some = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength: 3 })
const typed = <T extends string, V extends object>(
  type: T,
  fields: fc.Arbitrary<V>,
): fc.Arbitrary<V & { type: T }> => fields.map((value) => ({ type, ...value }))

const aMessage: fc.Arbitrary<AMessage> = fc.oneof(
  typed('HELLO', fc.constant({})),
  typed('A_MSG', fc.record({ body: fc.uint8Array({ maxLength: 300 }) })),
  typed(
    'A_RCVD',
    fc.record({
      receipts: some(fc.record({ msgId, msgHash: exactly(32), info: fc.uint8Array({ maxLength: 20 }) })),
    }),
  ),
  typed('A_QCONT', fc.record({ queue: address })),
  typed('QADD', fc.record({ queues: some(fc.record({ queue: lossless, replaces: fc.option(address) })) })),
  typed('QKEY', fc.record({ queues: some(fc.record({ queue: info, senderKey: authKey })) })),
  typed('QUSE', fc.record({ queues: some(fc.record({ queue: address, primary: fc.boolean() })) })),
  typed('QTEST', fc.record({ queues: some(address) })),
  typed('EREADY', fc.record({ lastMsgId: msgId })),
)
const agentMessage: fc.Arbitrary<AgentMessage> = fc.oneof(
  typed('connInfo', fc.record({ connInfo: fc.uint8Array() })),
  // What follows the queues must not begin like a mode, which an unknown one leaves out; JSON never does.
  typed(
    'connInfoReply',
    fc.record({
      queues: some(info),
      connInfo: fc.json().map((text) => new TextEncoder().encode(`{${text}`)),
    }),
  ),
  typed('ratchetInfo', fc.record({ info: fc.uint8Array() })),
  typed('message', fc.record({ msgId, prevHash: exactly(32), message: aMessage })),
)
const invitation: fc.Arbitrary<InvitationLink> = fc.record({
  form: fc.constant('full' as const),
  kind: fc.constant('invitation' as const),
  agentVersions: fc.constant({ min: 2, max: 7 }),
  queues: fc.tuple(uri),
  clientData: fc.option(fc.string({ unit: 'grapheme', minLength: 1 })),
  e2e: fc.record({
    versions: fc.constant({ min: 2, max: 3 }),
    key1: exactly(56),
    key2: exactly(56),
    kemKey: fc.option(exactly(1158)),
  }),
})

function backAndForth<T>(codec: Codec<T>, values: fc.Arbitrary<T>, numRuns = 100): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(decode(codec, encode(codec, value))).toEqual(value)
    }),
    { numRuns },
  )
}

/* ---- decode(encode(x)) = x */

describe('agent wire forms', () => {
  it('read back as they were written', () => {
    backAndForth(queueAddressCodec, address)
    backAndForth(queueInfoCodec, info)
    backAndForth(queueUriCodec, lossless)
    backAndForth(aMessageCodec, aMessage)
    backAndForth(agentMessageCodec, agentMessage)
    backAndForth(clientMessageCodec, fc.record({ senderKey: fc.option(authKey), body: fc.uint8Array() }))
    backAndForth(
      e2eUriCodec,
      invitation.map((link) => link.e2e),
      20,
    )
  })

  it('read back through the box of a queue, always of one size', () => {
    const message = fc.record({ senderKey: fc.option(authKey), body: fc.uint8Array({ maxLength: 15_000 }) })
    fc.assert(
      fc.property(
        exactly(32),
        fc.option(exactly(32)),
        exactly(24),
        message,
        (secret, dhKey, nonce, value) => {
          const sealed = sealClientMessage(secret, { version: 4, dhKey, nonce }, value)
          expect(sealed).toHaveLength(dhKey ? 15_992 : 16_043) // smp.md 6
          expect(openClientMessage(secret, decode(clientEnvelopeCodec, sealed))).toEqual(value)
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('links', () => {
  it('read back as they were written, under every scheme', () => {
    fc.assert(
      fc.property(invitation, (link) => {
        const text = formatInvitationLink(link)
        expect(parseConnectionLink(text)).toEqual(link)
        expect(parseConnectionLink(text.replace('simplex:', 'duplex:'))).toEqual(link)
        expect(parseConnectionLink(formatFullLink(link, 'https://simplex.chat'))).toEqual(link)
      }),
    )
    fc.assert(
      fc.property(uri, (queue) => {
        expect(parseQueueUri(formatQueueUri(queue))).toEqual(queue)
      }),
    )
  })

  it('read back from their binary form, a missing mode as contact', () => {
    const binary = invitation.map((link) => ({
      ...link,
      queues: [{ ...link.queues[0], versions: { min: 4, max: 4 } }] as [QueueUri],
    }))
    fc.assert(
      fc.property(binary, (link) => {
        const [queue] = link.queues
        const expected = { ...link, queues: [{ ...queue, mode: queue.mode ?? 'C' }] }
        expect(decode(fullLinkCodec, encode(fullLinkCodec, link))).toEqual(expected)
      }),
    )
  })
})

/* ---- anything at all */

describe('hostile input', () => {
  const codecs: readonly Codec<unknown>[] = [
    queueAddressCodec,
    queueInfoCodec,
    queueUriCodec,
    aMessageCodec,
    agentMessageCodec,
    agentEnvelopeCodec,
    clientEnvelopeCodec,
    clientMessageCodec,
    e2eUriCodec,
    fullLinkCodec,
  ]

  it('as bytes decodes or is a DecodeError', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .uint8Array({ maxLength: 100 })
        .chain((rest) =>
          fc.constantFrom(...'MDIRQHVEK_').map((letter) => Uint8Array.of(letter.charCodeAt(0), ...rest)),
        ),
      agentMessage.map((message) => encode(agentMessageCodec, message)).chain(withChangedByte),
    )
    fc.assert(
      fc.property(bytes, (input) => {
        for (const codec of codecs) refusedWith(() => decode(codec, input), ['encoding.decode'])
      }),
      { numRuns: 500 },
    )
  })

  it('as text is a link or a LinkError that says where', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((rest) => `simplex:/invitation#/?${rest}`),
      fc.string().map((rest) => `https://simplex.chat/contact#/?v=2-7&smp=smp%3A%2F%2F${rest}`),
      invitation.map((link) => formatInvitationLink(link)).chain(withChangedLetter),
    )
    fc.assert(
      fc.property(text, (input) => {
        const error = refusedWith(() => parseConnectionLink(input), ['link.invalid', 'link.version'])
        if (!error) return
        expect(error.facts['at']).toBeGreaterThanOrEqual(0)
        expect(error.facts['at']).toBeLessThanOrEqual(input.length)
        expect(typeof error.facts['reason']).toBe('string')
        // Not a word of the link in what may be logged.
        if (input.length > 40) expect(JSON.stringify(error.facts) + error.message).not.toContain(input)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(text, (input) => {
        refusedWith(() => readConnectionLink(input), ['link.invalid'])
        refusedWith(() => parseQueueUri(input), ['link.invalid'])
      }),
    )
  })
})

function withChangedByte(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(([at, value]) => {
    const changed = bytes.slice()
    if (changed.length > 0) changed[at % changed.length] = value
    return changed
  })
}

function withChangedLetter(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(), fc.string({ maxLength: 2 }), fc.nat({ max: 3 }))
    .map(([at, put, cut]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut))
}

function refusedWith(fn: () => unknown, codes: readonly string[]) {
  try {
    fn()
  } catch (error) {
    if (!isAppError(error) || !codes.includes(error.code)) throw error
    return error
  }
  return null
}
