import type { Connection } from './connection.ts'
import type { SubscriptionKind } from './delivery-rules.ts'

/** What a connection has of one queue. Its record stays on disk; this is all that memory holds. */
export interface Subscription {
  readonly queueNo: number
  readonly connection: Connection
  readonly kind: SubscriptionKind
  /** Id (latin1) of the message that waits for its ACK. */
  delivered: string | null
  /** A push waits in the connection's outbox already. */
  offered: boolean
}

/** Who gets a queue's messages (one connection at a time) and who its notifications. */
export class Subscriptions {
  readonly #recipients = new Map<number, Subscription>()
  readonly #notifiers = new Map<number, Connection>()

  get count(): number {
    return this.#recipients.size
  }

  get notifierCount(): number {
    return this.#notifiers.size
  }

  recipient(queueNo: number): Subscription | undefined {
    return this.#recipients.get(queueNo)
  }

  notifier(queueNo: number): Connection | undefined {
    return this.#notifiers.get(queueNo)
  }

  /** Returns the subscription, and the connection that loses it by this. */
  subscribe(connection: Connection, queueNo: number): { mine: Subscription; displaced: Connection | null } {
    const existing = connection.subscriptions.get(queueNo)
    if (existing) {
      existing.delivered = null
      return { mine: existing, displaced: null }
    }
    const other = this.#recipients.get(queueNo)
    if (other) other.connection.subscriptions.delete(queueNo)
    const mine: Subscription = { queueNo, connection, kind: 'SUB', delivered: null, offered: false }
    connection.subscriptions.set(queueNo, mine)
    this.#recipients.set(queueNo, mine)
    return { mine, displaced: other?.connection ?? null }
  }

  /** Polling displaces nobody. */
  poll(connection: Connection, queueNo: number): Subscription {
    const existing = connection.subscriptions.get(queueNo)
    if (existing) return existing
    const mine: Subscription = { queueNo, connection, kind: 'GET', delivered: null, offered: false }
    connection.subscriptions.set(queueNo, mine)
    return mine
  }

  /** The queue is gone. Returns the subscribed connection. */
  drop(queueNo: number): Connection | null {
    const subscription = this.#recipients.get(queueNo)
    this.#recipients.delete(queueNo)
    subscription?.connection.subscriptions.delete(queueNo)
    return subscription?.connection ?? null
  }

  /** Returns the connection that was the notifier before. */
  notify(connection: Connection, queueNo: number): Connection | null {
    const before = this.#notifiers.get(queueNo)
    before?.notifications.delete(queueNo)
    this.#notifiers.set(queueNo, connection)
    connection.notifications.add(queueNo)
    return before && before !== connection ? before : null
  }

  dropNotifier(queueNo: number): Connection | null {
    const before = this.#notifiers.get(queueNo)
    this.#notifiers.delete(queueNo)
    before?.notifications.delete(queueNo)
    return before ?? null
  }

  /** The connection is over; what it did not acknowledge is delivered again to the next one. */
  forget(connection: Connection): void {
    for (const subscription of connection.subscriptions.values()) {
      if (this.#recipients.get(subscription.queueNo) === subscription)
        this.#recipients.delete(subscription.queueNo)
    }
    for (const queueNo of connection.notifications) {
      if (this.#notifiers.get(queueNo) === connection) this.#notifiers.delete(queueNo)
    }
    connection.subscriptions.clear()
    connection.notifications.clear()
  }
}
