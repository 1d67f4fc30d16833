import type { Gate, Pass } from '#core/transport'
import type { RelayLimits } from './constants.ts'

/** One connection from TCP to its end. */
interface Visit {
  readonly group: string
  readonly cut: () => void
}

/**
 * Who may be connected: how many in all, how many of one address, and how many that have not finished TLS and hellos.
 * Where those are too many the oldest gives way: an honest handshake takes a second, one that takes longer is the attack.
 */
export class Gatekeeper implements Gate {
  readonly #limits: RelayLimits
  readonly #refused: () => void
  readonly #byGroup = new Map<string, number>()
  /** In the order in which they came. */
  readonly #unsettled = new Set<Visit>()
  #open = 0
  #closed = false

  constructor(limits: RelayLimits, refused: () => void) {
    this.#limits = limits
    this.#refused = refused
  }

  get unsettled(): number {
    return this.#unsettled.size
  }

  /** Nobody more. */
  shut(): void {
    this.#closed = true
  }

  enter(remote: string, cut: () => void): Pass | null {
    const group = groupOf(remote)
    const count = this.#byGroup.get(group) ?? 0
    const { connections, connectionsPerAddress } = this.#limits
    if (this.#closed || this.#open >= connections || count >= connectionsPerAddress) {
      this.#refused()
      return null
    }
    const visit: Visit = { group, cut }
    this.#open++
    this.#byGroup.set(group, count + 1)
    this.#unsettled.add(visit)
    this.#makeRoom(group)
    return {
      settled: () => void this.#unsettled.delete(visit),
      left: () => this.#left(visit),
    }
  }

  #left(visit: Visit): void {
    this.#unsettled.delete(visit)
    this.#open--
    const count = (this.#byGroup.get(visit.group) ?? 1) - 1
    if (count === 0) this.#byGroup.delete(visit.group)
    else this.#byGroup.set(visit.group, count)
  }

  /** An address with many of them pushes out its own. */
  #makeRoom(group: string): void {
    const { handshakes, handshakesPerAddress } = this.#limits
    if (this.#unsettled.size <= Math.min(handshakes, handshakesPerAddress)) return
    const own = [...this.#unsettled].filter((visit) => visit.group === group)
    const tooMany = this.#unsettled.size > handshakes
    const oldest = own.length > handshakesPerAddress ? own[0] : tooMany ? first(this.#unsettled) : undefined
    if (!oldest) return
    this.#unsettled.delete(oldest)
    this.#refused()
    oldest.cut()
  }
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  for (const value of set) return value
  return undefined
}

const V4_IN_V6 = '::ffff:'
const GROUPS_OF_SUBNET = 4

/** An IPv6 user has a whole /64 to come from: it counts as one address. */
export function groupOf(remote: string): string {
  if (remote.startsWith(V4_IN_V6) && remote.includes('.')) return remote.slice(V4_IN_V6.length)
  if (!remote.includes(':')) return remote
  const [head = '', tail] = remote.split('%')[0]!.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const all = [...before, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...after]
  return all.slice(0, GROUPS_OF_SUBNET).join(':')
}
