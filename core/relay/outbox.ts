import { BATCH_COUNT, BATCH_LIMIT, BLOCK_SIZE } from '#core/protocol'
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

/** Where every block's content is put together; whoever sends it has copied it before the next. smp.md 4.1 */
const content = new Uint8Array(BLOCK_SIZE)

/** Bytes of the count and of a length in a batch. smp.md 4.1 */
const COUNT = 1
const LENGTH = 2

/** Turns a push into its transmission, in the front of `room` where it fits; null when there is nothing to push any more. */
type Realise = (push: Push, room: Uint8Array) => Uint8Array | null

/** What one connection is about to be told, in order. Blocks are filled greedily from the front. */
export class Outbox {
  readonly #realise: Realise
  #items: (Outgoing | null)[] = []
  #at = 0
  #bytes = 0

  constructor(realise: Realise) {
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
    let count = 0
    let end = COUNT
    while (!this.empty && count < BATCH_COUNT) {
      const start = end + LENGTH
      const transmission = this.#front(content.subarray(start))
      if (!transmission) continue
      const next = start + transmission.length
      if (count > 0 && next > COUNT + BATCH_LIMIT) {
        // It waits for the next block, and must not stand where others will.
        if (transmission.buffer === content.buffer) this.#items[this.#at] = transmission.slice()
        break
      }
      this.#take()
      if (transmission.buffer !== content.buffer) content.set(transmission, start)
      content[end] = transmission.length >> 8
      content[end + 1] = transmission.length & 0xff
      end = next
      count++
    }
    content[0] = count
    return count > 0 ? content.subarray(0, end) : null
  }

  /** The first item as bytes. A push that has come to nothing is taken out, and the answer is null. */
  #front(room: Uint8Array): Uint8Array | null {
    const item = this.#items[this.#at]!
    if (item instanceof Uint8Array) return item
    const transmission = this.#realise(item, room)
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
