/**
 * Who may do what, checked at the same cost whether or not the queue exists: refusing a stranger faster where there is
 * nothing would tell him which ids are queues. smp.md 5.4, "Timing"
 */
import { type KeyPair, type PublicKey, generateEd25519, generateEd448, generateX25519 } from '#core/crypto'
import { type AuthKind, type ClientTransmission, verifyAuthorization } from '#core/protocol'
import type { Random } from '#core/base'
import type { Queue } from './queue.ts'

/** Keys that nobody holds, one of each kind. */
export type DummyKeys = Readonly<Record<Exclude<AuthKind, 'none'>, PublicKey>>

export function makeDummyKeys(random: Random): DummyKeys {
  const publicOf = (pair: KeyPair): Uint8Array => pair.publicKey
  return {
    ed25519: { algorithm: 'ed25519', raw: publicOf(generateEd25519(random)) },
    ed448: { algorithm: 'ed448', raw: publicOf(generateEd448(random)) },
    authenticator: { algorithm: 'x25519', raw: publicOf(generateX25519(random)) },
  }
}

export class Access {
  readonly #dummies: DummyKeys

  constructor(random: Random) {
    this.#dummies = makeDummyKeys(random)
  }

  /** Whether one of `keys` made the authorization. Without a key of its kind, a dummy is tried. */
  holds(keys: readonly PublicKey[], t: ClientTransmission, sessionPrivate: Uint8Array): boolean {
    const { auth } = t
    if (auth.kind === 'none') return false
    const dummy = this.#dummies[auth.kind]
    const fitting = keys.filter((key) => key.algorithm === dummy.algorithm)
    if (fitting.length === 0) {
      verifyAuthorization(dummy, auth, sessionPrivate, t.corrId, t.forAuth)
      return false
    }
    let held = false
    // All of them, so that the time does not tell which one it was.
    for (const key of fitting) {
      if (verifyAuthorization(key, auth, sessionPrivate, t.corrId, t.forAuth)) held = true
    }
    return held
  }

  recipient(queue: Queue | null, t: ClientTransmission, sessionPrivate: Uint8Array): queue is Queue {
    return this.holds(queue?.rcvKeys ?? [], t, sessionPrivate) && queue !== null
  }

  notifier(queue: Queue | null, t: ClientTransmission, sessionPrivate: Uint8Array): queue is Queue {
    return this.holds(queue?.notifier ? [queue.notifier.key] : [], t, sessionPrivate) && queue !== null
  }

  /** Everybody may send to a queue that is not secured, but only without an authorization. smp.md 5.5 */
  sender(queue: Queue | null, t: ClientTransmission, sessionPrivate: Uint8Array): queue is Queue {
    if (t.auth.kind === 'none') return queue !== null && queue.sndKey === null
    return this.holds(queue?.sndKey ? [queue.sndKey] : [], t, sessionPrivate) && queue !== null
  }
}
