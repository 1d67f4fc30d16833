/**
 * The two boxes around a command that travels through another relay. smp.md 5.6
 *
 *   client ──PFWD [version, command key, box(client-relay, n, padded block)]──▶ proxy
 *   proxy  ──RFWD [box(proxy-relay, m, (n, version, command key, that box))]──▶ relay
 *   relay  ──RRES [box(proxy-relay, reverse m, (n, box(client-relay, reverse n, padded block)))]──▶ proxy
 *
 * The proxy never sees what is inside, the relay never sees who sent it. Answers use the nonce read backwards.
 */
import { box, nonceFrom, openBox } from '#core/crypto'
import { type Codec, bytes8, decode, encode, pad, struct, tail, u16, unpad } from '#core/encoding'
import { FORWARDED_CONTENT } from './constants.ts'
import { dhKey } from './keys.ts'

/** What a proxy passes on. */
export interface Forwarded {
  /** The client's, and the nonce of its box. */
  readonly corrId: Uint8Array
  /** What the client speaks with the relay, whatever the proxy speaks. */
  readonly version: number
  /** Raw X25519, made for this command. */
  readonly commandKey: Uint8Array
  readonly encrypted: Uint8Array
}

export interface ForwardedAnswer {
  readonly corrId: Uint8Array
  readonly encrypted: Uint8Array
}

const forwarded: Codec<Forwarded> = struct({
  corrId: bytes8,
  version: u16,
  commandKey: dhKey,
  encrypted: tail,
})
const forwardedAnswer: Codec<ForwardedAnswer> = struct({ corrId: bytes8, encrypted: tail })

/** The prose of upstream says "plus one"; what runs reads it backwards. */
export function answerNonce(corrId: Uint8Array): Uint8Array {
  return nonceFrom(corrId).toReversed()
}

/* ---- between client and relay: padded, so that the proxy learns no length */

export function sealForwardedBlock(secret: Uint8Array, nonce: Uint8Array, content: Uint8Array): Uint8Array {
  return box(secret, nonce, pad(content, FORWARDED_CONTENT))
}

/** Throws `CryptoError`, `DecodeError`. */
export function openForwardedBlock(secret: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  return unpad(openBox(secret, nonce, sealed))
}

/* ---- between proxy and relay: the box inside has one size already */

export function sealForwarded(secret: Uint8Array, corrId: Uint8Array, value: Forwarded): Uint8Array {
  return box(secret, nonceFrom(corrId), encode(forwarded, value))
}

/** Throws `CryptoError`, `DecodeError`. */
export function openForwarded(secret: Uint8Array, corrId: Uint8Array, sealed: Uint8Array): Forwarded {
  return decode(forwarded, openBox(secret, nonceFrom(corrId), sealed))
}

export function sealForwardedAnswer(
  secret: Uint8Array,
  corrId: Uint8Array,
  value: ForwardedAnswer,
): Uint8Array {
  return box(secret, answerNonce(corrId), encode(forwardedAnswer, value))
}

/** Throws `CryptoError`, `DecodeError`. */
export function openForwardedAnswer(
  secret: Uint8Array,
  corrId: Uint8Array,
  sealed: Uint8Array,
): ForwardedAnswer {
  return decode(forwardedAnswer, openBox(secret, answerNonce(corrId), sealed))
}
