import { AppError, type Millis } from '#core/base'
import { BOX_TAG, boxInPlace, openBoxInPlace, stepBlockChain } from '#core/crypto'
import { padInto, unpad } from '#core/encoding'
import type { Blocks } from './blocks.ts'
import { TransportError } from './errors.ts'
import { giveBlockBack, takeBlock } from './spare-blocks.ts'

/** Chain keys of the two directions as this side uses them. */
export interface DirectionChains {
  readonly send: Uint8Array
  readonly receive: Uint8Array
}

/**
 * What follows the hellos, the same object on both sides: content padded to one size and, from version 11 on, in a box
 * under a key that changes with every block. smp.md 3.6
 * Encrypting and handing over happen in one synchronous step, so the chain always moves in the order of the wire.
 */
export class SecureBlocks {
  readonly #blocks: Blocks
  readonly #encrypted: boolean
  #sendChain: Uint8Array
  #receiveChain: Uint8Array

  /** `chains` null: padded only (below version 11, proxies, clients without a key). */
  constructor(blocks: Blocks, chains: DirectionChains | null) {
    this.#blocks = blocks
    this.#encrypted = chains !== null
    this.#sendChain = chains?.send ?? new Uint8Array(0)
    this.#receiveChain = chains?.receive ?? new Uint8Array(0)
  }

  get waiting(): number {
    return this.#blocks.waiting
  }

  get partialSince(): Millis | null {
    return this.#blocks.partialSince
  }

  /** At most 16,366 bytes (`BATCH_LIMIT` keeps batches below). Throws `EncodeError` above; then the chain has not moved. */
  send(content: Uint8Array): Promise<void> {
    const block = takeBlock()
    if (this.#encrypted) this.#seal(block, content)
    else padInto(block, content)
    return this.#blocks.send(block, () => giveBlockBack(block))
  }

  /** A block that does not open ends the connection. */
  onContent(handler: (content: Uint8Array) => void): void {
    this.#blocks.onBlock((block) => {
      const content = this.#open(block)
      if (content) handler(content)
    })
    this.#blocks.resume()
  }

  onClose(handler: (reason: TransportError) => void): void {
    this.#blocks.onClose(handler)
  }

  close(reason?: TransportError): void {
    this.#blocks.close(reason)
  }

  pause(): void {
    this.#blocks.pause()
  }

  resume(): void {
    this.#blocks.resume()
  }

  #seal(block: Uint8Array, content: Uint8Array): void {
    padInto(block.subarray(BOX_TAG), content)
    const step = stepBlockChain(this.#sendChain)
    this.#sendChain = step.next
    boxInPlace(step.key, step.nonce, block)
  }

  #open(block: Uint8Array): Uint8Array | null {
    try {
      return unpad(this.#encrypted ? this.#unbox(block) : block)
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause
      this.#blocks.close(
        new TransportError('transport.block', 'a block that does not open', { error: cause.code }, { cause }),
      )
      return null
    }
  }

  #unbox(block: Uint8Array): Uint8Array {
    const step = stepBlockChain(this.#receiveChain)
    this.#receiveChain = step.next
    return openBoxInPlace(step.key, step.nonce, block)
  }
}
