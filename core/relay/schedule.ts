/**
 * Whose block is carried out next. Blocks of one connection keep their order; between connections those come first that
 * have taken little processor time lately, so that somebody with dear questions waits for everybody else, and not the
 * other way round. Without it 80 signatures a block from a dozen strangers made a pair that talks wait for seconds.
 */
import type { Millis } from '#core/base'
import type { Connection } from './connection.ts'
import { type RelayLimits, SECOND } from './constants.ts'

/** One block that is being carried out. */
interface Rest {
  /** Its transmissions; null is one that does not parse. */
  readonly items: readonly (Uint8Array | null)[]
  /** The next one. */
  at: number
  /** Who is told something by it, once all of it is on disk, so that what belongs together shares blocks. */
  readonly touched: Set<Connection>
}

/** What waits of one connection, and what it has used. */
export class Account {
  /** Oldest first. */
  blocks: Uint8Array[] = []
  /** What is left of a block that took longer than a slice. */
  rest: Rest | null = null
  listed = false
  /** Processor time that it has not used; below 0, what it has used too much. */
  credit: Millis
  reckonedAt: Millis = performance.now()

  /** A newcomer has what a second brings: whoever comes again and again must not have more by it. */
  constructor({ workPerSecond }: RelayLimits) {
    this.credit = workPerSecond
  }

  get idle(): boolean {
    return this.blocks.length === 0 && this.rest === null
  }

  /** Nobody waits for the answers any more. */
  drop(): void {
    this.blocks = []
    this.rest = null
  }
}

/** From deepest debt to full credit. As fine as what one dear block costs, so that after it somebody else has his turn. */
const LEVELS = 50
/**
 * Of what is earned, while something of it waits: if all who wait earned the whole, a crowd of them would be at full credit
 * before long and nobody first. Nothing at all would leave whoever is in debt behind for ever.
 */
const EARNED_WAITING = 0.04
/** Picks after which one that waits low is reckoned anew: its credit has grown meanwhile. */
const RECKON_AFTER = 16

export class Schedule {
  readonly #limits: RelayLimits
  /** In the order in which they came. */
  readonly #levels: Connection[][] = Array.from({ length: LEVELS }, () => [])
  #count = 0
  #picks = 0

  constructor(limits: RelayLimits) {
    this.#limits = limits
  }

  get empty(): boolean {
    return this.#count === 0
  }

  add(connection: Connection, block: Uint8Array): void {
    connection.account.blocks.push(block)
    this.list(connection)
  }

  /** It has something that can be carried out. */
  list(connection: Connection): void {
    const { account } = connection
    if (account.listed || account.idle) return
    this.#levels[this.#levelOf(account)]!.push(connection)
    account.listed = true
    this.#count++
  }

  /** The next one; it is not listed any more. */
  next(): Connection | null {
    if (this.#picks++ % RECKON_AFTER === 0) this.#reckonLowest()
    const connection = this.#levels.findLast((level) => level.length > 0)?.shift()
    if (!connection) return null
    this.#count--
    this.#reckon(connection.account)
    connection.account.listed = false
    return connection
  }

  spent(connection: Connection, time: Millis): void {
    const { account } = connection
    this.#reckon(account)
    account.credit = Math.max(account.credit - time, -this.#limits.workBurst)
  }

  #reckonLowest(): void {
    const lowest = this.#levels.find((level) => level.length > 0)
    if (!lowest) return
    const risen = this.#levels[this.#levelOf(lowest[0]!.account)]!
    if (risen !== lowest) risen.push(lowest.shift()!)
  }

  #levelOf(account: Account): number {
    this.#reckon(account)
    const { workBurst } = this.#limits
    const level = Math.floor(((account.credit + workBurst) / (2 * workBurst)) * LEVELS)
    return Math.min(Math.max(level, 0), LEVELS - 1)
  }

  #reckon(account: Account): void {
    const now = performance.now()
    const { workPerSecond, workBurst } = this.#limits
    const rate = workPerSecond * (account.listed ? EARNED_WAITING : 1)
    const earned = ((now - account.reckonedAt) * rate) / SECOND
    account.reckonedAt = now
    account.credit = Math.min(account.credit + earned, workBurst)
  }
}
