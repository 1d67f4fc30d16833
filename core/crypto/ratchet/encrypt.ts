import { concatBytes } from '#core/base'
import {
  bytes8,
  decode,
  DecodeError,
  encode,
  fixedBytes,
  mapped,
  pad,
  struct,
  u16,
  type Codec,
} from '#core/encoding'
import { aesGcmSeal } from '../aead.ts'
import { E2E_VERSIONS, IV, SYMMETRIC_KEY } from './constants.ts'
import { RatchetError } from './errors.ts'
import { chainStep } from './kdf.ts'
import { encodeEncryptedHeader, encodeMessage, encodeMessageHeader } from './message.ts'
import type { RatchetState } from './state.ts'

/**
 * A message whose place in the chain is taken and whose header is encrypted. Its body is encrypted when it is sent, and to
 * the same bytes however often: a retry must not be a second message under one key. agent.md 3.5
 */
export interface PreparedMessage {
  readonly version: number
  readonly messageKey: Uint8Array
  readonly iv: Uint8Array
  readonly ad: Uint8Array
  /** The encrypted header, without its length. */
  readonly header: Uint8Array
  /** Bytes that the body is padded to. */
  readonly paddedLength: number
}

/** Takes the next place of the sending chain. Store `next` and `prepared` together, before anything is sent. */
export function encryptHeader(
  state: RatchetState,
  options: { paddedLength: number },
): { next: RatchetState; prepared: PreparedMessage } {
  const { sending, version, ad } = state
  if (!sending) throw new RatchetError('ratchet.no-sending-chain', 'nothing was received from the peer yet')
  const { chainKey, messageKey, bodyIv, headerIv } = chainStep(sending.chainKey)
  const max = Math.max(E2E_VERSIONS.max, version.current)
  const plain = encodeMessageHeader(version.current, {
    maxVersion: max,
    key: state.ownKey.publicKey,
    kem: null,
    previous: state.previous,
    number: state.sent,
  })
  const { tag, ciphertext } = aesGcmSeal(sending.headerKey, headerIv, ad, plain)
  const header = encodeEncryptedHeader({ version: version.current, iv: headerIv, tag, ciphertext })
  return {
    next: {
      ...state,
      version: { current: version.current, max },
      sent: state.sent + 1,
      sending: { ...sending, chainKey },
    },
    prepared: {
      version: version.current,
      messageKey,
      iv: bodyIv,
      ad,
      header,
      paddedLength: options.paddedLength,
    },
  }
}

/** The whole ratchet message. Deterministic. Throws `EncodeError` when the text does not fit the padded length. */
export function encryptBody(prepared: PreparedMessage, plaintext: Uint8Array): Uint8Array {
  const { version, messageKey, iv, ad, header, paddedLength } = prepared
  const sealed = aesGcmSeal(messageKey, iv, concatBytes(ad, header), pad(plaintext, paddedLength))
  return encodeMessage(version, { header, bodyTag: sealed.tag, body: sealed.ciphertext })
}

const FORMAT = 1 // of this file; ours

const preparedCodec: Codec<PreparedMessage> = mapped(
  struct({
    format: u16,
    version: u16,
    messageKey: fixedBytes(SYMMETRIC_KEY),
    iv: fixedBytes(IV),
    ad: bytes8,
    header: bytes8,
    paddedLength: u16,
  }),
  ({ format, ...prepared }) => {
    if (format !== FORMAT) throw new DecodeError('stored in an unknown format', 0, 'format')
    return prepared
  },
  (prepared) => ({ format: FORMAT, ...prepared }),
)

/** For the store; our own form. */
export function encodePrepared(prepared: PreparedMessage): Uint8Array {
  return encode(preparedCodec, prepared)
}

export function decodePrepared(bytes: Uint8Array): PreparedMessage {
  return decode(preparedCodec, bytes.slice())
}
