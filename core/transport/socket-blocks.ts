import type { Duplex } from 'node:stream'
import type { Clock, Millis } from '#core/base'
import { BLOCK_SIZE } from '#core/protocol'
import { BlockBuffer } from './block-buffer.ts'
import { checkBlock, type Blocks } from './blocks.ts'
import { CLOSE_GRACE } from './constants.ts'
import { Ending } from './ending.ts'
import { closed, type TransportError } from './errors.ts'

const DONE = Promise.resolve()

/** Blocks over a socket that is connected already. It owns the socket from here on. */
export class SocketBlocks implements Blocks {
  readonly #socket: Duplex
  readonly #clock: Clock
  readonly #input = new BlockBuffer(BLOCK_SIZE)
  readonly #ending = new Ending()
  #handler: ((block: Uint8Array) => void) | null = null
  #paused = false
  #partialSince: Millis | null = null
  #drain: PromiseWithResolvers<void> | null = null

  constructor(socket: Duplex, clock: Clock) {
    this.#socket = socket
    this.#clock = clock
    socket.pause()
    socket.on('data', (chunk: Uint8Array) => {
      if (this.#ending.cut) return
      this.#input.push(chunk)
      this.#deliver()
    })
    socket.on('drain', () => this.#drained())
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      this.#ending.because(closed('peer', { reason: cause.code ?? 'error' }))
    })
    socket.on('end', () => {
      this.#ending.because(this.#lost())
      socket.destroy()
    })
    socket.on('close', () => this.#finish())
  }

  get waiting(): number {
    return this.#socket.writableLength
  }

  get partialSince(): Millis | null {
    return this.#partialSince
  }

  send(block: Uint8Array, taken?: () => void): Promise<void> {
    checkBlock(block)
    if (this.#ending.begun || this.#socket.destroyed) return Promise.reject(this.#ending.reason)
    if (this.#socket.write(block, taken && ((error) => !error && taken()))) return DONE
    this.#drain ??= Promise.withResolvers<void>()
    return this.#drain.promise
  }

  onBlock(handler: (block: Uint8Array) => void): void {
    this.#handler = handler
    this.#deliver()
  }

  onClose(handler: (reason: TransportError) => void): void {
    this.#ending.onClose(handler)
  }

  close(reason?: TransportError): void {
    if (!this.#ending.begin(reason)) return
    if (reason) {
      this.#socket.destroy()
      return
    }
    this.#socket.end(() => this.#socket.destroy())
    const cancel = this.#clock.after(CLOSE_GRACE, () => this.#socket.destroy())
    this.#socket.once('close', cancel)
  }

  pause(): void {
    this.#paused = true
    this.#partialSince = null
    this.#socket.pause()
  }

  resume(): void {
    this.#paused = false
    this.#deliver()
  }

  /** The handler may pause, close or replace itself in the middle. */
  #deliver(): void {
    while (!this.#paused && !this.#ending.begun && this.#handler) {
      const block = this.#input.take()
      if (!block) {
        if (this.#input.held > 0) this.#partialSince ??= this.#clock.now()
        this.#socket.resume()
        return
      }
      this.#partialSince = null
      this.#handler(block)
    }
  }

  /** What the peer sent before it closed counts, even if reading was paused just then: a few blocks at most. */
  #deliverRest(): void {
    while (this.#handler && !this.#ending.cut) {
      const block = this.#input.take()
      if (!block) return
      this.#handler(block)
    }
  }

  #drained(): void {
    const drain = this.#drain
    this.#drain = null
    drain?.resolve()
  }

  #finish(): void {
    this.#ending.finish(
      () => this.#lost(),
      () => this.#deliverRest(),
    )
    const drain = this.#drain
    if (!drain) return
    this.#drain = null
    // Nobody may be waiting any more.
    drain.promise.catch(() => {})
    drain.reject(this.#ending.reason)
  }

  #lost(): TransportError {
    return closed('peer', { partial: this.#input.held % BLOCK_SIZE })
  }
}
