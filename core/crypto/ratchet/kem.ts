import { bytes16, DecodeError, type Codec } from '#core/encoding'
import { KEM_CIPHERTEXT, KEM_PUBLIC_KEY } from './constants.ts'

/**
 * A peer's post-quantum part. This client reads it and goes on without: it never proposes one, so it never
 * has to answer. agent.md 3.6, 8
 */
export type KemOffer =
  | { readonly type: 'proposed'; readonly key: Uint8Array }
  | { readonly type: 'accepted'; readonly ciphertext: Uint8Array; readonly key: Uint8Array }

const PROPOSED = 0x50 // 'P'
const ACCEPTED = 0x41 // 'A'

/** `'P' lg(key)` or `'A' lg(ciphertext) lg(key)`. agent.md 2.1 */
export const kemOffer: Codec<KemOffer> = {
  write(writer, offer) {
    writer.byte(offer.type === 'proposed' ? PROPOSED : ACCEPTED)
    if (offer.type === 'accepted') bytes16.write(writer, offer.ciphertext)
    bytes16.write(writer, offer.key)
  },
  read(reader) {
    const sized = (length: number): Uint8Array => {
      const bytes = bytes16.read(reader)
      if (bytes.length !== length) throw new DecodeError('KEM part of the wrong length', reader.offset)
      return bytes.slice()
    }
    const tag = reader.byte()
    if (tag === PROPOSED) return { type: 'proposed', key: sized(KEM_PUBLIC_KEY) }
    if (tag !== ACCEPTED) return reader.fail('neither P nor A')
    return { type: 'accepted', ciphertext: sized(KEM_CIPHERTEXT), key: sized(KEM_PUBLIC_KEY) }
  },
}
