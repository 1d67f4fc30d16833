import type { Millis } from '#core/base'
import { BLOCK_SIZE } from '#core/protocol'
import { TransportError } from './errors.ts'

/**
 * A connection as both sides of the protocol see it: blocks of exactly 16,384 bytes, in order. smp.md 2.6
 * Over TLS (`socket-blocks.ts`) or inside a test (`memory-pipe.ts`).
 */
export interface Blocks {
  /**
   * Hands the block over before it returns, so that blocks travel in the order of the calls. The promise resolves when
   * the peer takes more; it rejects when the connection is over. Whoever does not wait fills memory.
   * `taken` may be called when nobody will look at the block any more, so that its memory can be used again.
   */
  send(block: Uint8Array, taken?: () => void): Promise<void>
  /** One handler; setting another replaces it. Nothing is read before the first. The block belongs to the handler, who may write over it. */
  onBlock(handler: (block: Uint8Array) => void): void
  /** Called once, also when the connection was over before. */
  onClose(handler: (reason: TransportError) => void): void
  /** Without a reason what was sent still goes out; with one the connection is cut. */
  close(reason?: TransportError): void
  /** Stops reading, so that the peer has to wait. */
  pause(): void
  resume(): void
  /** Bytes that were sent and wait for the peer to take them. */
  readonly waiting: number
  /** Since when the peer owes the rest of a block; null when it owes none. Time that we did not read does not count. */
  readonly partialSince: Millis | null
}

/** What whoever sends has got wrong: throws `transport.block`. */
export function checkBlock({ length }: Uint8Array): void {
  if (length !== BLOCK_SIZE)
    throw new TransportError('transport.block', 'a block of the wrong size', { length })
}

interface Waiting {
  readonly resolve: (block: Uint8Array) => void
  readonly reject: (reason: Error) => void
  readonly signal: AbortSignal
}

/** The next block alone; reading stops behind it, so that whoever comes next misses nothing. */
export function nextBlock(blocks: Blocks, signal: AbortSignal): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  // The handler of `onClose` stays as long as the connection; through this it holds nothing of the block, nor of the signal.
  let waiting: Waiting | null = { resolve, reject, signal }
  const settle = (outcome: (waiting: Waiting) => void): void => {
    if (!waiting) return
    waiting.signal.removeEventListener('abort', onAbort)
    outcome(waiting)
    waiting = null
  }
  const onAbort = (): void => settle((each) => each.reject(each.signal.reason as Error))
  signal.addEventListener('abort', onAbort, { once: true })
  blocks.onClose((reason) => settle((each) => each.reject(reason)))
  blocks.onBlock((block) => {
    blocks.pause()
    settle((each) => each.resolve(block))
  })
  if (signal.aborted) onAbort()
  else blocks.resume()
  return promise
}
