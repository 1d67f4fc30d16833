import type { Socket } from 'node:net'

/** Decides over connections from the moment TCP has them: before TLS, which is what costs. */
export interface Gate {
  /** `cut` ends the connection. Null: not let in. */
  enter(remote: string, cut: () => void): Pass | null
}

/** What the gate remembers of one connection. */
export interface Pass {
  /** TLS and hellos are behind it. */
  settled(): void
  left(): void
}

const openPass: Pass = { settled: () => {}, left: () => {} }

/** The sockets of one listener, and the passes of those that are still in TLS. */
export class Sockets {
  readonly #gate: Gate | null
  readonly #open = new Set<Socket>()
  readonly #passes = new Map<string, Pass>()

  constructor(gate: Gate | undefined) {
    this.#gate = gate ?? null
  }

  /** False: the socket is destroyed. */
  admit(socket: Socket): boolean {
    const remote = socket.remoteAddress
    const cut = (): void => void socket.destroy()
    const pass = remote === undefined ? null : this.#gate ? this.#gate.enter(remote, cut) : openPass
    if (!pass) {
      // Whoever has reset it meanwhile must not be heard by nobody.
      socket.on('error', () => {})
      socket.destroy()
      return false
    }
    const name = nameOf(socket)
    this.#open.add(socket)
    this.#passes.set(name, pass)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#passes.delete(name)
      pass.left()
    })
    return true
  }

  /** Of the socket inside TLS or HTTP, which is another object with the same ends. Once. */
  passOf(socket: Socket): Pass {
    const name = nameOf(socket)
    const pass = this.#passes.get(name) ?? openPass
    this.#passes.delete(name)
    return pass
  }

  destroyAll(): void {
    for (const socket of this.#open) socket.destroy()
  }
}

function nameOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ''} ${socket.remotePort ?? 0}`
}
