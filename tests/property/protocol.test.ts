import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { concatBytes, equalBytes, isAppError, utf8 } from '#core/base'
import { cryptoReady } from '#core/crypto'
import {
  type Command,
  type QueueInfo,
  type Response,
  type SmpError,
  decodeBatch,
  decodeClientHello,
  decodeCommand,
  decodeError,
  decodeRecipientMessage,
  decodeResponse,
  decodeServerHello,
  decodeServerTransmission,
  decodeServiceResponse,
  encodeCommand,
  encodeError,
  encodeRecipientMessage,
  encodeResponse,
  formatRelayAddress,
  packBatches,
  parseClientTransmission,
  parseRelayAddress,
  responseForVersion,
} from '#core/protocol'

beforeAll(cryptoReady)

const version = fc.integer({ min: 6, max: 18 })
const id = fc.uint8Array({ maxLength: 255 })
const blob = fc.uint8Array({ maxLength: 300 })
const raw = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const authKey = fc.oneof(
  raw(32).map((key) => ({ algorithm: 'ed25519', raw: key }) as const),
  raw(32).map((key) => ({ algorithm: 'x25519', raw: key }) as const),
  raw(57).map((key) => ({ algorithm: 'ed448', raw: key }) as const),
)
const maybe = <T>(inner: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(inner, { nil: null })
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: fc.constant('NEW' as const),
    rcvAuthKey: authKey,
    rcvDhKey: raw(32),
    password: maybe(id),
    subscribe: fc.boolean(),
    request: maybe(
      fc.oneof(
        fc.record({
          mode: fc.constant('M' as const),
          link: maybe(fc.record({ sndId: id, fixed: blob, user: blob })),
        }),
        fc.record({
          mode: fc.constant('C' as const),
          link: maybe(fc.record({ linkId: id, sndId: id, fixed: blob, user: blob })),
        }),
      ),
    ),
    notifier: maybe(fc.record({ ntfKey: authKey, rcvNtfDhKey: raw(32) })),
  }),
  fc.record({ type: fc.constantFrom('KEY' as const, 'SKEY' as const, 'LKEY' as const), sndKey: authKey }),
  fc.record({
    type: fc.constant('RKEY' as const),
    rcvAuthKeys: fc.array(authKey, { minLength: 1, maxLength: 5 }),
  }),
  fc.record({ type: fc.constant('ACK' as const), msgId: id }),
  fc.record({ type: fc.constant('SEND' as const), notify: fc.boolean(), body: blob }),
  fc.record({ type: fc.constant('LSET' as const), linkId: id, fixed: blob, user: blob }),
  fc.record({ type: fc.constant('NKEY' as const), ntfKey: authKey, rcvNtfDhKey: raw(32) }),
  fc.record({
    type: fc.constant('PFWD' as const),
    version: fc.integer({ min: 0, max: 65_535 }),
    commandKey: raw(32),
    encrypted: blob,
  }),
  fc.record({ type: fc.constant('RFWD' as const), encrypted: blob }),
  fc.record({ type: fc.constantFrom('SUB', 'GET', 'OFF', 'DEL', 'QUE', 'PING', 'LGET', 'SUBS') }),
)

const error: fc.Arbitrary<SmpError> = fc.oneof(
  fc.record({ type: fc.constantFrom('BLOCK', 'AUTH', 'QUOTA', 'NO_MSG', 'LARGE_MSG', 'INTERNAL') }),
  fc.record({
    type: fc.constant('CMD' as const),
    reason: fc.constantFrom('UNKNOWN', 'SYNTAX', 'PROHIBITED', 'NO_AUTH'),
  }),
  fc.record({ type: fc.constant('STORE' as const), text: fc.string() }),
  fc.record({
    type: fc.constant('BLOCKED' as const),
    reason: fc.constantFrom('spam', 'content'),
    notice: maybe(fc.record({ ttl: maybe(fc.maxSafeInteger()) })),
  }),
  fc.record({
    type: fc.constant('PROXY' as const),
    error: fc.record({
      type: fc.constant('BROKER' as const),
      error: fc.record({ type: fc.constant('RESPONSE' as const), text: fc.string({ maxLength: 60 }) }),
    }),
  }),
)

const info: fc.Arbitrary<QueueInfo> = fc.record({
  secured: fc.boolean(),
  notifier: fc.boolean(),
  subscription: maybe(fc.record({ kind: fc.constantFrom('noSub', 'subThread'), delivered: maybe(id) })),
  size: fc.nat(),
  message: maybe(fc.record({ msgId: id, sentAt: fc.string(), type: fc.constantFrom('message', 'quota') })),
})

const response: fc.Arbitrary<Response> = fc.oneof(
  fc.record({ type: fc.constantFrom('OK', 'END', 'DELD', 'PONG') }),
  fc.record({ type: fc.constant('MSG' as const), msgId: id, body: blob }),
  fc.record({ type: fc.constant('NMSG' as const), nonce: raw(24), meta: id }),
  fc.record({ type: fc.constant('SOK' as const), serviceId: maybe(id) }),
  fc.record({ type: fc.constantFrom('SOKS' as const, 'ENDS' as const), count: i64 }),
  fc.record({ type: fc.constant('LNK' as const), sndId: id, fixed: blob, user: blob }),
  fc.record({ type: fc.constant('NID' as const), ntfId: id, srvNtfDhKey: raw(32) }),
  fc.record({ type: fc.constant('INFO' as const), info }),
  fc.record({ type: fc.constant('ERR' as const), error }),
)

/** The value, or null where this version cannot carry it; any other error is a failure. */
function unlessTooOld<T>(make: () => T): T | null {
  try {
    return make()
  } catch (cause) {
    if (isAppError(cause, 'protocol.version')) return null
    throw cause
  }
}

/** What an older version keeps of a NEW. */
function asKept(sent: Command, at: number): Command {
  if (sent.type !== 'NEW' || at >= 15) return sent
  return { ...sent, request: at < 9 ? null : { mode: sent.request?.mode ?? 'C', link: null } }
}

test('every command is read as it was written, in every version that has it', () => {
  fc.assert(
    fc.property(command, version, (sent, at) => {
      const wire = unlessTooOld(() => encodeCommand(sent, at))
      if (wire) expect(decodeCommand(wire, at)).toEqual({ ok: true, command: asKept(sent, at) })
    }),
  )
})

test('every response is read as it was written, in the words of its version', () => {
  fc.assert(
    fc.property(response, version, (sent, at) => {
      expect(decodeResponse(encodeResponse(sent, at), at)).toEqual(responseForVersion(sent, at))
    }),
  )
})

test('every error is read as it was written', () => {
  fc.assert(
    fc.property(error, (sent) => {
      expect(decodeError(encodeError(sent, 18))).toEqual(sent)
    }),
  )
})

/** Bytes that look like something, or like nothing. */
const tags = [
  'NEW ',
  'SUB',
  'SEND ',
  'SEND T ',
  'KEY ',
  'PRXY ',
  'IDS ',
  'MSG ',
  'ERR ',
  'ERR PROXY BROKER ',
  'PKEY ',
  'INFO ',
]
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  fc.tuple(fc.constantFrom(...tags), blob).map(([tag, rest]) => concatBytes(utf8(tag), rest)),
)

function onlyDecodeErrors(read: () => unknown): void {
  try {
    read()
  } catch (cause) {
    if (!isAppError(cause, 'encoding.decode')) throw cause
  }
}

test('any bytes decode or are refused with a typed error, by every decoder of wire data', () => {
  const decoders: ((bytes: Uint8Array, at: number) => unknown)[] = [
    decodeResponse,
    decodeError,
    decodeBatch,
    decodeServerHello,
    decodeClientHello,
    decodeServiceResponse,
    decodeServerTransmission,
    decodeRecipientMessage,
  ]
  fc.assert(
    fc.property(hostile, version, (bytes, at) => {
      for (const decoder of decoders) onlyDecodeErrors(() => decoder(bytes, at))
    }),
    { numRuns: 1000 },
  )
})

test('what a relay reads from clients never throws at all', () => {
  fc.assert(
    fc.property(hostile, version, (bytes, at) => {
      decodeCommand(bytes, at)
      const parsed = parseClientTransmission(bytes, at, new Uint8Array(32))
      if (parsed.ok) decodeCommand(parsed.transmission.command, at)
    }),
    { numRuns: 1000 },
  )
})

test('one changed byte of a command never gives an exception, and never the same command by another spelling', () => {
  fc.assert(
    fc.property(command, fc.nat(), fc.integer({ min: 1, max: 255 }), (sent, at, mask) => {
      const wire = encodeCommand(sent, 18)
      const changed = wire.slice()
      changed[at % wire.length]! ^= mask
      const decoded = decodeCommand(changed, 18)
      if (decoded.ok) expect(equalBytes(encodeCommand(decoded.command, 18), wire)).toBe(false)
    }),
  )
})

test('batches keep every item that fits, in order, within the limits', () => {
  const items = fc.array(fc.nat({ max: 300 }), { maxLength: 600 })
  fc.assert(
    fc.property(items, fc.integer({ min: 20, max: 16_365 }), (lengths, limit) => {
      const all = lengths.map((length, at) => new Uint8Array(length).fill(at))
      const batches = packBatches(all, limit)
      const kept = batches.flatMap((batch) => ('content' in batch ? decodeBatch(batch.content) : []))
      expect(kept).toEqual(all.filter((item) => item.length + 2 <= limit))
      for (const batch of batches) {
        if (!('content' in batch)) continue
        expect(batch.content.length - 1).toBeLessThanOrEqual(limit)
        expect(batch.count).toBeLessThanOrEqual(255)
      }
    }),
    { numRuns: 50 },
  )
})

test('messages for recipients are read as they were written', () => {
  const seconds = fc.integer({ min: 0, max: 4_000_000_000 })
  fc.assert(
    fc.property(seconds, fc.boolean(), blob, (time, notify, body) => {
      const message = { type: 'message', brokerTs: time * 1000, notify, body } as const
      expect(decodeRecipientMessage(encodeRecipientMessage(message))).toEqual(message)
    }),
  )
})

test('any text is an address or refused as none, and an address survives being written down', () => {
  const letters = fc.constantFrom(...'abc01.:,@[]#/- =é'.split(''), '.onion', '::', 'smp://', 'LcJUMfVh')
  const text = fc.array(letters, { maxLength: 40 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (rest) => {
      for (const each of [rest, `smp://LcJUMfVh@${rest}`, `smp://LcJUMfVh:${rest}@h`]) {
        try {
          const address = parseRelayAddress(each)
          expect(parseRelayAddress(formatRelayAddress(address, { password: true }))).toEqual(address)
        } catch (cause) {
          if (!isAppError(cause, 'protocol.address')) throw cause
        }
      }
    }),
    { numRuns: 2000 },
  )
})
