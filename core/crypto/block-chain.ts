import { EMPTY, utf8 } from '#core/base'
import { hkdfSha512 } from './hashes.ts'

const STEP = utf8('SimpleXSbChain')

/** Chain keys of one connection. The server sends with the first and receives with the second. smp.md 3.6 */
export interface BlockChains {
  readonly serverSend: Uint8Array
  readonly clientSend: Uint8Array
}

export interface BlockKey {
  /** Chain key of the next block. */
  readonly next: Uint8Array
  readonly key: Uint8Array
  readonly nonce: Uint8Array
}

/** `sessionId` raw, without its length byte. */
export function blockChains(sessionId: Uint8Array, dh: Uint8Array): BlockChains {
  const out = hkdfSha512(sessionId, dh, 'SimpleXSbChainInit', 64)
  return { serverSend: out.slice(0, 32), clientSend: out.slice(32) }
}

/** One step per block, in the order in which the blocks are written. */
export function stepBlockChain(chain: Uint8Array): BlockKey {
  const out = hkdfSha512(EMPTY, chain, STEP, 88)
  return { next: out.subarray(0, 32), key: out.subarray(32, 64), nonce: out.subarray(64) }
}
