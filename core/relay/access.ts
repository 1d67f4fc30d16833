/**
 * Who may do what, checked at the same cost whether or not the queue exists: refusing a stranger faster where there is
 * nothing would tell him which ids are queues. smp.md 5.4, "Timing"
 */
import {
  type KeyPair,
  type PublicKey,
  generateEd25519,
  generateEd448,
  generateX25519,
  x25519,
} from '#core/crypto'
import { type AuthKind, type ClientTransmission, verifyAuthorization } from '#core/protocol'
import type { Random } from '#core/base'
import { PROVEN_KEYS } from './constants.ts'
import { idText } from './delivery-rules.ts'
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

/**
 * What a caller has proved. A sender has a few queues and uses them again and again: the secrets of the session's key and
 * theirs are kept, since agreeing on one costs as much as storing a message, and so are their numbers, by which a queue
 * is found in memory. A stranger proves nothing, so for him every try takes as long as the first.
 */
export class SessionSecrets {
  readonly #privateKey: Uint8Array
  #proven: Map<string, Uint8Array> | null = null
  #queues: Map<string, number> | null = null

  constructor(privateKey: Uint8Array) {
    this.#privateKey = privateKey
  }

  /** Throws `CryptoError` for a key of low order. */
  with(publicKey: Uint8Array): Uint8Array {
    return this.#proven?.get(idText(publicKey)) ?? x25519(this.#privateKey, publicKey)
  }

  keep(publicKey: Uint8Array, secret: Uint8Array): void {
    keepIn((this.#proven ??= new Map()), publicKey, secret)
  }

  /** Number of the queue that the caller has proved to know under this id. */
  queueNo(id: Uint8Array): number | undefined {
    return this.#queues?.get(idText(id))
  }

  keepQueue(id: Uint8Array, no: number): void {
    keepIn((this.#queues ??= new Map()), id, no)
  }
}

function keepIn<T>(kept: Map<string, T>, name: Uint8Array, value: T): void {
  const text = idText(name)
  if (kept.has(text)) return
  if (kept.size >= PROVEN_KEYS)
    for (const oldest of kept.keys()) {
      kept.delete(oldest)
      break
    }
  kept.set(text, value)
}

export class Access {
  readonly #dummies: DummyKeys

  constructor(random: Random) {
    this.#dummies = makeDummyKeys(random)
  }

  /** Whether one of `keys` made the authorization. Without a key of its kind, a dummy is tried. */
  holds(keys: readonly PublicKey[], t: ClientTransmission, secrets: SessionSecrets): boolean {
    const { auth } = t
    if (auth.kind === 'none') return false
    const dummy = this.#dummies[auth.kind]
    const fitting = keys.filter((key) => key.algorithm === dummy.algorithm)
    if (fitting.length === 0) {
      made(dummy, t, secrets)
      return false
    }
    let held = false
    // All of them, so that the time does not tell which one it was.
    for (const key of fitting) {
      if (made(key, t, secrets)) held = true
    }
    return held
  }

  recipient(queue: Queue | null, t: ClientTransmission, secrets: SessionSecrets): queue is Queue {
    return proved(this.holds(queue?.rcvKeys ?? [], t, secrets), queue, t, secrets)
  }

  notifier(queue: Queue | null, t: ClientTransmission, secrets: SessionSecrets): queue is Queue {
    return this.holds(queue?.notifier ? [queue.notifier.key] : [], t, secrets) && queue !== null
  }

  /** Everybody may send to a queue that is not secured, but only without an authorization. smp.md 5.5 */
  sender(queue: Queue | null, t: ClientTransmission, secrets: SessionSecrets): queue is Queue {
    if (t.auth.kind === 'none') return queue !== null && queue.sndKey === null
    return proved(this.holds(queue?.sndKey ? [queue.sndKey] : [], t, secrets), queue, t, secrets)
  }
}

function proved(
  holds: boolean,
  queue: Queue | null,
  { entityId }: ClientTransmission,
  secrets: SessionSecrets,
): queue is Queue {
  if (!holds || !queue) return false
  secrets.keepQueue(entityId, queue.no)
  return true
}

/** Whether this key made the authorization. */
function made(
  key: PublicKey,
  { auth, corrId, forAuth }: ClientTransmission,
  secrets: SessionSecrets,
): boolean {
  let secret: Uint8Array | null = null
  const agree = (publicKey: Uint8Array): Uint8Array => (secret = secrets.with(publicKey))
  const holds = verifyAuthorization(key, auth, agree, corrId, forAuth)
  if (holds && secret) secrets.keep(key.raw, secret)
  return holds
}
