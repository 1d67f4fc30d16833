/**
 * Carries out what arrives, many blocks in one transaction.
 *
 *   block ──▶ schedule ──(once per turn of the event loop)──▶ BEGIN, every command of every block, COMMIT ──▶ answers leave
 *
 * Blocks that arrive together share one fsync, and nobody is told OK before the disk has it (group commit).
 * The order of one connection's commands is the order of their blocks, and inside a block the order in which they stand.
 */
import { setImmediate } from 'node:timers'
import { EMPTY, type Millis } from '#core/base'
import { DecodeError } from '#core/encoding'
import {
  type ClientTransmission,
  type Response,
  checkCredentials,
  decodeBatch,
  decodeCommand,
  parseClientTransmission,
} from '#core/protocol'
import { TransportError } from '#core/transport'
import { carryOut } from './commands/index.ts'
import type { Connection } from './connection.ts'
import { type RelayCore, refuse } from './core.ts'
import { Schedule } from './schedule.ts'

export class Engine {
  readonly #core: RelayCore
  readonly #connections = new Set<Connection>()
  readonly #waiting: Schedule
  #scheduled = false

  constructor(core: RelayCore) {
    this.#core = core
    this.#waiting = new Schedule(core.limits)
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  connections(): Iterable<Connection> {
    return this.#connections
  }

  add(connection: Connection): void {
    this.#connections.add(connection)
    const { blocks } = connection.session
    blocks.onClose(() => this.#ended(connection))
    blocks.onContent((content) => {
      connection.blockArrived()
      this.#waiting.add(connection, content)
      this.#schedule()
    })
  }

  /** Everything that has arrived is carried out before this returns. */
  finish(): void {
    while (!this.#waiting.empty) this.#run()
  }

  /** Not a timer: all sockets that have something are read first, then this runs once. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#run()
      if (!this.#waiting.empty) this.#schedule()
    })
  }

  #run(): void {
    const core = this.#core
    if (this.#waiting.empty) return
    const touched = new Set<Connection>()
    try {
      core.store.transaction(() => this.#takeBlocks(touched))
      core.counters.commits++
    } catch (error) {
      // Also those of a block that has begun.
      for (const connection of core.touched) touched.add(connection)
      this.#failed(error, touched)
    }
    for (const connection of touched) connection.flush()
  }

  #takeBlocks(touched: Set<Connection>): void {
    const core = this.#core
    const began = performance.now()
    let from = began
    for (let count = 0; count < core.limits.blocksPerCommit; count++) {
      const connection = this.#waiting.next()
      if (!connection) return
      if (connection.account.idle) continue
      if (connection.choked && !connection.account.rest) {
        connection.hold(() => this.#goOn(connection))
        continue
      }
      const whole = this.#takeBlock(connection, from + core.limits.sliceTime)
      if (whole) for (const each of core.touched) touched.add(each)
      const now = performance.now()
      this.#waiting.spent(connection, now - from)
      from = now
      this.#waiting.list(connection)
      // Sockets first: somebody with little to ask may have come in meanwhile.
      if (!whole || now - began >= core.limits.turnTime) return
    }
  }

  #goOn(connection: Connection): void {
    this.#waiting.list(connection)
    this.#schedule()
  }

  /**
   * A block that fails in a way that nobody foresaw costs its own connection, and whoever it was about to tell something.
   * Commands before the one that failed stay carried out: for their client it is as if the connection had ended a moment later.
   * Returns whether it is done: what a dear block has left at `until` comes later.
   */
  #takeBlock(connection: Connection, until: Millis): boolean {
    const { account } = connection
    if (!account.rest) connection.blockTaken()
    const touched = account.rest?.touched ?? new Set([connection])
    this.#core.touched = touched
    try {
      const rest = (account.rest ??= { items: transmissionsIn(account.blocks.shift()!), at: 0, touched })
      while (!connection.closed && rest.at < rest.items.length) {
        this.#carryOut(connection, rest.items[rest.at++]!)
        if (rest.at < rest.items.length && performance.now() >= until) return false
      }
    } catch (error) {
      this.#failed(error, touched)
    }
    account.rest = null
    connection.turnOver()
    return true
  }

  #carryOut(connection: Connection, bytes: Uint8Array | null): void {
    if (!bytes) {
      connection.answer({ corrId: EMPTY, entityId: EMPTY, response: refuse({ type: 'BLOCK' }) })
      return
    }
    const { version, sessionId } = connection.session
    const parsed = parseClientTransmission(bytes, version, sessionId)
    if (parsed.ok) {
      const { corrId, entityId } = parsed.transmission
      const response = this.#respond(connection, parsed.transmission)
      connection.answer({ corrId, entityId, response })
    } else {
      const { corrId, entityId, error } = parsed
      connection.answer({ corrId, entityId, response: refuse(error) })
    }
  }

  /** Form, then presence of credentials, then what the command does. smp.md 4.2, 5.1 */
  #respond(caller: Connection, t: ClientTransmission): Response {
    const decoded = decodeCommand(t.command, caller.session.version)
    if (!decoded.ok) return refuse(decoded.error)
    const { command } = decoded
    this.#core.tally.command(command.type)
    const missing = checkCredentials(command.type, t.auth.kind !== 'none', t.entityId.length > 0)
    if (missing) return refuse(missing)
    if (t.serviceSignature) return refuse({ type: 'SERVICE' })
    const { secrets, session } = caller
    return carryOut({ core: this.#core, caller, t, version: session.version, secrets }, command)
  }

  /** What they were told or are about to be told may not be true: they connect again and find what is. */
  #failed(error: unknown, involved: Iterable<Connection>): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected'
    const name = error instanceof Error ? error.name : typeof error
    this.#core.log.error('relay.batch-failed', { code, name })
    this.#core.store.forget()
    this.#core.queueCount = this.#core.store.queues.count()
    const reason = new TransportError('transport.closed', 'the relay could not keep a promise', { by: 'us' })
    for (const connection of involved) {
      connection.ended()
      connection.close(reason)
    }
  }

  #ended(connection: Connection): void {
    const { rest } = connection.account
    connection.ended()
    connection.account.drop()
    // What has been carried out of its last block is on disk by then.
    if (rest) setImmediate(() => rest.touched.forEach((each) => each.flush()))
    this.#connections.delete(connection)
    this.#core.subscriptions.forget(connection)
  }
}

/** One null for content that does not parse as a whole. smp.md 4.1 */
function transmissionsIn(content: Uint8Array): readonly (Uint8Array | null)[] {
  try {
    return decodeBatch(content)
  } catch (error) {
    if (error instanceof DecodeError) return [null]
    throw error
  }
}
