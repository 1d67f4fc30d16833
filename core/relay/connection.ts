import type { Clock, Millis } from '#core/base'
import { type ServerTransmission, encodeServerTransmission } from '#core/protocol'
import { type ServerSession, TransportError } from '#core/transport'
import { SessionSecrets } from './access.ts'
import { type RelayLimits, SECOND, SOCKET_FILL } from './constants.ts'
import { Outbox, type Outgoing, type Push } from './outbox.ts'
import { Account } from './schedule.ts'
import type { Subscription } from './subscriptions.ts'
import type { Tally } from './tally.ts'

export interface ConnectionDeps {
  readonly clock: Clock
  readonly limits: RelayLimits
  readonly tally: Tally
  /** Looks up and seals what a push is about; null when there is nothing to push any more. */
  readonly realise: (push: Push) => ServerTransmission | null
}

/**
 * One client: what it subscribed to, and what it is about to be told.
 *
 * Order: what comes out of one of its own blocks is answered first and pushed after, so that answers share blocks;
 * everything else leaves in the order in which it happened.
 * Back-pressure: a client that does not read is read no further, and cut when it takes nothing for long.
 */
export class Connection {
  readonly session: ServerSession
  readonly secrets: SessionSecrets
  readonly subscriptions = new Map<number, Subscription>()
  readonly notifications = new Set<number>()
  readonly account: Account
  queuesMade = 0
  /** Of the last block in or out. */
  lastActive: Millis
  readonly #deps: ConnectionDeps
  readonly #outbox: Outbox
  #eventsOfTurn: Outgoing[] | null = null
  /** When the blocks came in that have not had their turn. */
  #arrivals: Millis[] = []
  /** Blocks whose answers have no room yet. */
  #held: (() => void)[] = []
  #secondBegan: Millis = 0
  #blocksOfSecond = 0
  #resting = false
  #pumping = false
  #paused = false
  #closed = false

  constructor(session: ServerSession, deps: ConnectionDeps) {
    this.session = session
    this.secrets = new SessionSecrets(session.sessionKey.privateKey)
    this.#deps = deps
    this.lastActive = deps.clock.now()
    this.account = new Account(deps.limits)
    this.#outbox = new Outbox((push, room) => {
      const transmission = deps.realise(push)
      return transmission && this.#encode(transmission, room)
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Whether a message may be kept in memory until it leaves. */
  get wayIsFree(): boolean {
    return this.#outbox.bytes < SOCKET_FILL && this.session.blocks.waiting < SOCKET_FILL
  }

  /* ---- commands coming in */

  blockArrived(): void {
    this.lastActive = this.#deps.clock.now()
    this.#arrivals.push(this.lastActive)
    this.#keepPace(this.lastActive)
    this.#deps.tally.blocksIn++
    this.#regulate()
  }

  /** Since when the oldest block waits for its turn. */
  get waitingSince(): Millis | null {
    return this.#arrivals[0] ?? null
  }

  /** One block of questions can have 4 MiB of answers: the next has to wait until those are under way. */
  get choked(): boolean {
    return this.#held.length > 0 || this.#outbox.bytes >= this.#deps.limits.outputPause
  }

  /** `goOn` is called, in order, when there is room. */
  hold(goOn: () => void): void {
    if (!this.#closed) this.#held.push(goOn)
  }

  blockTaken(): void {
    this.#arrivals.shift()
    this.#eventsOfTurn = []
  }

  turnOver(): void {
    const events = this.#eventsOfTurn ?? []
    this.#eventsOfTurn = null
    for (const event of events) this.#outbox.add(event)
    this.#regulate()
  }

  /* ---- answers and events going out; nothing leaves before `flush` */

  answer(transmission: ServerTransmission): void {
    this.#deps.tally.answered(transmission.response)
    if (!this.#closed) this.#outbox.add(this.#encode(transmission))
  }

  event(event: ServerTransmission | Push): void {
    if (this.#closed) return
    const outgoing = 'subscription' in event ? event : this.#encode(event)
    if (this.#eventsOfTurn) this.#eventsOfTurn.push(outgoing)
    else this.#outbox.add(outgoing)
  }

  /** Call when what the answers promise is on disk. */
  flush(): void {
    if (this.#closed) return
    if (this.#outbox.bytes > this.#deps.limits.outputLimit)
      this.close(
        new TransportError('transport.closed', 'too much for a client that does not read', { by: 'us' }),
      )
    else if (!this.#pumping) void this.#pump()
  }

  close(reason?: TransportError): void {
    this.session.blocks.close(reason)
  }

  /** The other side is gone, or we are. */
  ended(): void {
    this.#closed = true
    this.#outbox.clear()
    this.#held = []
  }

  async #pump(): Promise<void> {
    this.#pumping = true
    const { blocks } = this.session
    try {
      while (!this.#closed) {
        const content = this.#outbox.next()
        if (!content) break
        const sent = blocks.send(content)
        this.#makeRoom()
        this.#deps.tally.blocksOut++
        this.lastActive = this.#deps.clock.now()
        if (blocks.waiting < SOCKET_FILL) sent.catch(() => {})
        else await this.#taken(sent)
      }
    } catch {
      // Over already, or what was to be told cannot be read: then it is over now.
      this.close(new TransportError('transport.closed', 'cannot go on', { by: 'us' }))
    } finally {
      this.#pumping = false
      this.#regulate()
    }
  }

  /** Waits for a slow reader, but not for ever. */
  async #taken(sent: Promise<void>): Promise<void> {
    this.#regulate()
    const cancel = this.#deps.clock.after(this.#deps.limits.outputTimeout, () =>
      this.close(new TransportError('transport.closed', 'the client does not read', { by: 'us' })),
    )
    try {
      await sent
    } finally {
      cancel()
    }
  }

  #makeRoom(): void {
    if (this.#held.length === 0 || this.#outbox.bytes >= this.#deps.limits.outputPause) return
    for (const goOn of this.#held.splice(0)) goOn()
  }

  #keepPace(now: Millis): void {
    if (now >= this.#secondBegan + SECOND || now < this.#secondBegan) {
      this.#secondBegan = now
      this.#blocksOfSecond = 0
    }
    this.#blocksOfSecond++
    if (this.#resting || this.#blocksOfSecond < this.#deps.limits.blocksPerSecond) return
    this.#resting = true
    this.#deps.clock.after(this.#secondBegan + SECOND - now, () => {
      this.#resting = false
      this.#regulate()
    })
  }

  #regulate(): void {
    if (this.#closed) return
    const { inputBlocks, outputPause } = this.#deps.limits
    const crowded = this.#resting || this.#arrivals.length >= inputBlocks || this.#outbox.bytes >= outputPause
    if (crowded === this.#paused) return
    this.#paused = crowded
    if (crowded) this.session.blocks.pause()
    else this.session.blocks.resume()
  }

  #encode(transmission: ServerTransmission, room?: Uint8Array): Uint8Array {
    return encodeServerTransmission(transmission, this.session.version, this.session.sessionId, room)
  }
}
