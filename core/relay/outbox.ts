import { BATCH_COUNT, BATCH_LIMIT, BLOCK_SIZE, encodeBatchInto } from '#core/protocol'
import type { Queue, StoredMessage } from './queue.ts'
import type { Subscription } from './subscriptions.ts'

/** A message to push: looked up and sealed when its turn to leave comes, so that waiting ones cost no memory. */
export interface Push {
  readonly subscription: Subscription
  /** Present when the message has just come in and the way is free: saves reading it back. */
  readonly fresh: { readonly queue: Queue; readonly message: StoredMessage } | null
}

/** An encoded transmission, or a push that becomes one or nothing. */
export type Outgoing = Uint8Array | Push

/** Where every block's content is put together; whoever sends it has copied it before the next. */
const content = new Uint8Array(BLOCK_SIZE)

/**
 * What one connection is about to be told, in order. Blocks are filled greedily from the front.
 * `realise` turns a push into its transmission, or null when there is nothing to push any more.
 */
export class Outbox {
  readonly #realise: (push: Push) => Uint8Array | null
  #items: (Outgoing | null)[] = []
  #at = 0
  #bytes = 0

  constructor(realise: (push: Push) => Uint8Array | null) {
    this.#realise = realise
  }

  /** Of encoded transmissions and of messages held for a push. */
  get bytes(): number {
    return this.#bytes
  }

  get empty(): boolean {
    return this.#at === this.#items.length
  }

  add(item: Outgoing): void {
    this.#items.push(item)
    this.#bytes += cost(item)
  }

  clear(): void {
    this.#items = []
    this.#at = 0
    this.#bytes = 0
  }

  /** The content of the next block, good until any other is asked for; null when nothing is left. */
  next(): Uint8Array | null {
    const group: Uint8Array[] = []
    let size = 0
    while (!this.empty && group.length < BATCH_COUNT) {
      const transmission = this.#front()
      if (!transmission) continue
      const length = 2 + transmission.length
      if (group.length > 0 && size + length > BATCH_LIMIT) break
      this.#take()
      group.push(transmission)
      size += length
    }
    return group.length > 0 ? encodeBatchInto(content, group) : null
  }

  /** The first item as bytes. A push that has come to nothing is taken out, and the answer is null. */
  #front(): Uint8Array | null {
    const item = this.#items[this.#at]!
    if (item instanceof Uint8Array) return item
    const transmission = this.#realise(item)
    if (!transmission) {
      this.#take()
      return null
    }
    this.#bytes += transmission.length - cost(item)
    this.#items[this.#at] = transmission
    return transmission
  }

  #take(): void {
    this.#bytes -= cost(this.#items[this.#at]!)
    this.#items[this.#at++] = null
    if (this.empty) this.clear()
  }
}

function cost(item: Outgoing): number {
  if (item instanceof Uint8Array) return item.length
  return item.fresh ? item.fresh.message.body.length : 0
}
