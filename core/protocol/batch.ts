/** The content of a block: `u8 count, count x B16 transmission`, nothing after. smp.md 4.1 */
import { type Codec, bytes16, decode, encode, list1 } from '#core/encoding'
import { BATCH_COUNT, BATCH_LIMIT } from './constants.ts'

const items: Codec<readonly Uint8Array[]> = list1(bytes16)

export type Batch =
  | { readonly content: Uint8Array; readonly count: number }
  /** One item that fits no block; its neighbours are sent all the same. */
  | { readonly error: 'LARGE_MSG' }

/** Throws `DecodeError`; a relay then answers one `ERR BLOCK` and keeps the connection. */
export function decodeBatch(content: Uint8Array): readonly Uint8Array[] {
  return decode(items, content)
}

export function encodeBatch(transmissions: readonly Uint8Array[]): Uint8Array {
  return encode(items, transmissions)
}

/**
 * As few blocks as hold all, in order. Filled from the end of the list, so that the short block comes first: any split
 * is valid, this one is upstream's.
 */
export function packBatches(transmissions: readonly Uint8Array[], limit: number = BATCH_LIMIT): Batch[] {
  const batches: Batch[] = []
  let group: Uint8Array[] = []
  let size = 0
  const close = (): void => {
    if (group.length > 0) batches.push({ content: encodeBatch(group.reverse()), count: group.length })
    group = []
    size = 0
  }
  for (const item of transmissions.toReversed()) {
    const length = 2 + item.length
    if (length > limit) {
      close()
      batches.push({ error: 'LARGE_MSG' })
      continue
    }
    if (size + length > limit || group.length === BATCH_COUNT) close()
    group.push(item)
    size += length
  }
  close()
  return batches.reverse()
}
