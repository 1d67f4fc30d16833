import type { Millis } from '#core/base'
import type { PublicKey } from '#core/crypto'
import type { BlockedNotice, QueueMode } from '#core/protocol'

export type QueueStatus =
  | { readonly tag: 'active' }
  /** Suspended by its recipient for good: what waits can still be fetched. */
  | { readonly tag: 'off' }
  /** Closed by the operator. */
  | {
      readonly tag: 'blocked'
      readonly reason: 'spam' | 'content'
      readonly notice: BlockedNotice | null
    }

export interface Notifier {
  readonly id: Uint8Array
  readonly key: PublicKey
  /** Raw X25519 shared with the notification's recipient. */
  readonly dhSecret: Uint8Array
}

/** One queue as it is on disk; nothing of it stays in memory between two commands. smp.md 5.5 */
export interface Queue {
  /** The relay's own number of it; never on the wire. */
  readonly no: number
  readonly rcvId: Uint8Array
  readonly sndId: Uint8Array
  /** At least one; any of them may act as the recipient. */
  readonly rcvKeys: readonly PublicKey[]
  /** Raw X25519 shared with the recipient, for the bodies of MSG. smp.md 7 */
  readonly rcvDhSecret: Uint8Array
  /** Set once: the queue is secured. */
  readonly sndKey: PublicKey | null
  readonly mode: QueueMode | null
  readonly status: QueueStatus
  readonly notifier: Notifier | null
  /** Days since 1970 when its recipient last asked for it. */
  readonly usedDay: number
}

export interface StoredMessage {
  /** The row; numbers rise over all queues. */
  readonly no: number
  readonly seq: number
  readonly msgId: Uint8Array
  readonly sentAt: Millis
  readonly kind: 'message' | 'quota'
  readonly notify: boolean
  readonly body: Uint8Array
}

/** What a queue holds, without its messages. */
export interface Fifo {
  readonly size: number
  readonly lastSeq: number
  /** Whether the last one is the marker: then the sender has to wait until the queue is empty. */
  readonly marked: boolean
}

export interface LinkData {
  readonly linkId: Uint8Array
  readonly fixed: Uint8Array
  readonly user: Uint8Array
}
