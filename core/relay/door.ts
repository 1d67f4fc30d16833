import { type AcceptedConnection, TransportError, type WebConnection, serverHandshake } from '#core/transport'
import { WEB_VERSIONS } from '#core/protocol'
import { Connection } from './connection.ts'
import { type RelayCore, realisePush } from './core.ts'
import type { Engine } from './engine.ts'
import { Gatekeeper } from './gatekeeper.ts'
import type { RelayKeys } from './identity.ts'
import type { Push } from './outbox.ts'

/** Lets connections in up to the limits and through the handshake. */
export class Door {
  readonly gate: Gatekeeper
  readonly #core: RelayCore
  readonly #engine: Engine
  #keys: RelayKeys
  readonly #stopping: AbortSignal

  constructor(core: RelayCore, engine: Engine, keys: RelayKeys, stopping: AbortSignal) {
    this.#core = core
    this.#engine = engine
    this.#keys = keys
    this.#stopping = stopping
    this.gate = new Gatekeeper(core.limits, () => void core.counters.refusedConnections++)
    stopping.addEventListener('abort', () => this.gate.shut())
  }

  /** A new online certificate of the same identity, for connections from now on. */
  renew(keys: RelayKeys): void {
    this.#keys = keys
  }

  accept(accepted: AcceptedConnection): void {
    this.#welcome(accepted, {})
  }

  /** Version 19 exists here only, and the proof that TLS cannot give. smp.md 11 */
  acceptWeb(accepted: WebConnection): void {
    this.#welcome(accepted, { versions: WEB_VERSIONS, challenge: accepted.challenge })
  }

  #welcome(
    accepted: AcceptedConnection,
    form: { readonly versions?: typeof WEB_VERSIONS; readonly challenge?: Uint8Array },
  ): void {
    const { limits, clock, random, tally } = this.#core
    const { chain, leafKey, fingerprint: keyHash } = this.#keys
    const { helloTimeout } = limits
    tally.accepted++
    serverHandshake(accepted, {
      chain,
      leafKey,
      keyHash,
      clock,
      random,
      helloTimeout,
      signal: this.#stopping,
      ...form,
    }).then(
      (session) => {
        accepted.pass.settled()
        tally.handshakes++
        const realise = (push: Push) => realisePush(this.#core, push)
        this.#engine.add(new Connection(session, { clock, limits, tally, realise }))
      },
      (error: unknown) => this.#refused(error),
    )
  }

  #refused(error: unknown): void {
    const code = error instanceof TransportError ? error.code : 'unexpected'
    const reason = error instanceof TransportError ? String(error.facts['reason'] ?? '') : ''
    this.#core.tally.handshakeFailed(code)
    this.#core.log.debug('relay.handshake-failed', { code, reason })
  }
}
