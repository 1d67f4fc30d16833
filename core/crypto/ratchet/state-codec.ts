import {
  bytes8,
  decode,
  encode,
  fixedBytes,
  mapped,
  maybe,
  struct,
  u16,
  u32,
  DecodeError,
  type Codec,
} from '#core/encoding'
import { SYMMETRIC_KEY, X448_KEY } from './constants.ts'
import type { RatchetState } from './state.ts'

const FORMAT = 1 // of the stored state; ours

const key = fixedBytes(SYMMETRIC_KEY)
const x448Key = fixedBytes(X448_KEY)

const stateCodec: Codec<RatchetState> = mapped(
  struct({
    format: u16,
    version: struct({ current: u16, max: u16 }),
    ad: bytes8,
    ownKey: struct({ publicKey: x448Key, privateKey: x448Key }),
    rootKey: key,
    sent: u32,
    received: u32,
    previous: u32,
    nextSendKey: key,
    nextReceiveKey: key,
    sending: maybe(struct({ peerKey: x448Key, chainKey: key, headerKey: key })),
    receiving: maybe(struct({ chainKey: key, headerKey: key })),
  }),
  ({ format, ...state }) => {
    if (format !== FORMAT) throw new DecodeError('ratchet stored in an unknown format', 0, 'format')
    return state
  },
  (state) => ({ format: FORMAT, ...state }),
)

/** For the store; our own form, secret from first to last byte. */
export function encodeRatchet(state: RatchetState): Uint8Array {
  return encode(stateCodec, state)
}

/** Throws `DecodeError` on anything that `encodeRatchet` did not make. */
export function decodeRatchet(bytes: Uint8Array): RatchetState {
  return decode(stateCodec, bytes.slice())
}
