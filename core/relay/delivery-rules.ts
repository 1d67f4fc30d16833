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
  | {
      readonly tag: 'acknowledged'
      /** False: another connection has removed it already. */
      readonly removeHead: boolean
      /** Whether the next message is the answer. */
      readonly wantsNext: boolean
    }

/** `headId`: of the first message in the queue now. */
export function acknowledge(
  delivery: Delivery | undefined,
  msgId: string,
  headId: string | null,
): Acknowledgement {
  if (!delivery || delivery.delivered === null) return { tag: 'nothing-outstanding' }
  // An empty id names whatever is outstanding and removes nothing, as upstream has it.
  if (msgId !== '' && delivery.delivered !== msgId) return { tag: 'nothing-outstanding' }
  return { tag: 'acknowledged', removeHead: headId === msgId, wantsNext: delivery.kind === 'SUB' }
}

/** One connection either subscribes to a queue or polls it. */
export function mayAttach(delivery: Delivery | undefined, kind: SubscriptionKind): boolean {
  return !delivery || delivery.kind === kind
}

/** Map keys and comparisons of ids: a string costs a third of a byte array. */
export function idText(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('latin1')
}
