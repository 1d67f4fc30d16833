/**
 * What one connection has of one queue, as pure functions. smp.md 5.5
 *
 *   SUB:  waiting ──push──▶ delivered ──ACK──▶ delivered (next one, as the answer) or waiting (queue empty)
 *   GET:  waiting ──GET───▶ delivered ──ACK──▶ waiting
 */
export type SubscriptionKind = 'SUB' | 'GET'

/** `delivered`: the id (latin1) of the one message that waits for its ACK. */
export interface Delivery {
  readonly kind: SubscriptionKind
  readonly delivered: string | null
}

export type Acknowledgement =
  | { readonly tag: 'nothing-outstanding' }
  /** The head of the queue is removed if it has this id: another connection may have done so already. */
  | {
      readonly tag: 'acknowledged'
      /** Whether the next message is the answer. */
      readonly wantsNext: boolean
    }

export function acknowledge(delivery: Delivery | undefined, msgId: string): Acknowledgement {
  if (!delivery || delivery.delivered === null) return { tag: 'nothing-outstanding' }
  // An empty id names whatever is outstanding; no message has it, so it removes nothing, as upstream has it.
  if (msgId !== '' && delivery.delivered !== msgId) return { tag: 'nothing-outstanding' }
  return { tag: 'acknowledged', wantsNext: delivery.kind === 'SUB' }
}

/** One connection either subscribes to a queue or polls it. */
export function mayAttach(delivery: Delivery | undefined, kind: SubscriptionKind): boolean {
  return !delivery || delivery.kind === kind
}

/** Map keys and comparisons of ids: a string costs a third of a byte array. */
export function idText(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('latin1')
}
