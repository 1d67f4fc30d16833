import { type AcceptedConnection, TransportError, serverHandshake } from '#core/transport'
import { Connection } from './connection.ts'
import { type RelayCore, realisePush } from './core.ts'
import type { Engine } from './engine.ts'
import type { RelayKeys } from './identity.ts'
import type { Push } from './outbox.ts'

/** Lets connections in up to the limits and through the handshake. */
export class Door {
  readonly #core: RelayCore
  readonly #engine: Engine
  #keys: RelayKeys
  readonly #stopping: AbortSignal
  readonly #byAddress = new Map<string, number>()
  #open = 0

  constructor(core: RelayCore, engine: Engine, keys: RelayKeys, stopping: AbortSignal) {
    this.#core = core
    this.#engine = engine
    this.#keys = keys
    this.#stopping = stopping
  }

  /** A new online certificate of the same identity, for connections from now on. */
  renew(keys: RelayKeys): void {
    this.#keys = keys
  }

  /** Before TLS, which is what costs. */
  admits(): boolean {
    const admitted = !this.#stopping.aborted && this.#open < this.#core.limits.connections
    if (!admitted) this.#core.counters.refusedConnections++
    return admitted
  }

  accept(accepted: AcceptedConnection): void {
    const { remote, blocks } = accepted
    const { limits, clock, random, counters } = this.#core
    const count = this.#byAddress.get(remote) ?? 0
    if (count >= limits.connectionsPerAddress || this.#open >= limits.connections) {
      counters.refusedConnections++
      blocks.close(new TransportError('transport.closed', 'too many connections', { by: 'us' }))
      return
    }
    this.#open++
    this.#core.tally.accepted++
    this.#byAddress.set(remote, count + 1)
    blocks.onClose(() => this.#left(remote))
    const { chain, leafKey, fingerprint: keyHash } = this.#keys
    serverHandshake(accepted, { chain, leafKey, keyHash, clock, random, signal: this.#stopping }).then(
      (session) => {
        this.#core.tally.handshakes++
        const { tally } = this.#core
        const realise = (push: Push) => realisePush(this.#core, push)
        this.#engine.add(new Connection(session, { clock, limits, tally, realise }))
      },
      (error: unknown) => this.#refused(error),
    )
  }

  #left(remote: string): void {
    this.#open--
    const count = (this.#byAddress.get(remote) ?? 1) - 1
    if (count === 0) this.#byAddress.delete(remote)
    else this.#byAddress.set(remote, count)
  }

  #refused(error: unknown): void {
    const code = error instanceof TransportError ? error.code : 'unexpected'
    const reason = error instanceof TransportError ? String(error.facts['reason'] ?? '') : ''
    this.#core.tally.handshakeFailed(code)
    this.#core.log.debug('relay.handshake-failed', { code, reason })
  }
}
