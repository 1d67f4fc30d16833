import type { Response } from '#core/protocol'

/**
 * Figures for whoever runs the relay. Kinds and sums only: nothing here tells one queue or one person from another.
 * Counted since the start, and never read by a decision.
 */
export class Tally {
  /** TCP connections let in, those refused at a limit are `Counters.refusedConnections`. */
  accepted = 0
  handshakes = 0
  blocksIn = 0
  blocksOut = 0
  /** By the code of what went wrong; what a client sent is never part of it. */
  readonly failedHandshakes = new Map<string, number>()
  readonly commands = new Map<string, number>()
  readonly errors = new Map<string, number>()

  command(type: string): void {
    count(this.commands, type)
  }

  handshakeFailed(code: string): void {
    count(this.failedHandshakes, code)
  }

  answered(response: Response): void {
    if (response.type !== 'ERR') return
    const { error } = response
    const detail = error.type === 'CMD' && 'reason' in error ? `CMD_${error.reason}` : error.type
    count(this.errors, detail)
  }
}

function count(of: Map<string, number>, name: string): void {
  of.set(name, (of.get(name) ?? 0) + 1)
}
