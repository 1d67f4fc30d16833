import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Clock, Millis } from '#core/base'
import { BLOCK_SIZE } from '#core/protocol'
import { checkBlock, type Blocks } from './blocks.ts'
import { CLOSE_GRACE } from './constants.ts'
import { Ending } from './ending.ts'
import { TransportError, closed } from './errors.ts'

/** Blocks over WebSocket: each binary message is one. Anything else ends the connection. smp.md 11 */
export class WebBlocks implements Blocks {
  readonly #web: WebSocket
  readonly #clock: Clock
  readonly #ending = new Ending()
  /** A message that came when nobody read; `ws` may deliver one more after it was paused. */
  #held: Uint8Array[] = []
  #handler: ((block: Uint8Array) => void) | null = null
  #paused = true
  #partialSince: Millis | null = null

  /** `socket`: what the messages come in through, to see when one does not end. */
  constructor(web: WebSocket, clock: Clock, socket?: Duplex) {
    this.#web = web
    this.#clock = clock
    // Before the library hears of the bytes: what it then makes whole of them ends the wait again.
    socket?.prependListener('data', () => {
      if (!this.#paused) this.#partialSince ??= clock.now()
    })
    web.binaryType = 'nodebuffer'
    web.pause()
    web.on('message', (data, isBinary) => this.#take(data as Buffer, isBinary))
    // A peer that pings without reading gets no more answers than the socket holds.
    web.on('ping', () => {
      this.#partialSince = null
      if (web.bufferedAmount === 0) web.pong()
    })
    web.on('pong', () => (this.#partialSince = null))
    web.on('error', (cause: NodeJS.ErrnoException) => {
      this.#ending.because(closed('peer', { reason: cause.code ?? 'error' }))
      web.terminate()
    })
    web.on('close', () => this.#finish())
  }

  get waiting(): number {
    return this.#web.bufferedAmount
  }

  /** The library does not tell, so this counts from the first bytes after the last whole message. */
  get partialSince(): Millis | null {
    return this.#partialSince
  }

  send(block: Uint8Array): Promise<void> {
    checkBlock(block)
    if (this.#ending.begun) return Promise.reject(this.#ending.reason)
    return new Promise((resolve, reject) => {
      this.#web.send(block, { binary: true, compress: false }, (error) => {
        if (!error) return resolve()
        this.#ending.because(closed('peer', { reason: 'send' }))
        reject(this.#ending.reason)
      })
    })
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
      this.#web.terminate()
      return
    }
    // Its answer to the close must be read.
    this.#web.resume()
    this.#web.close()
    const cancel = this.#clock.after(CLOSE_GRACE, () => this.#web.terminate())
    this.#web.once('close', cancel)
  }

  pause(): void {
    this.#paused = true
    this.#partialSince = null
    this.#web.pause()
  }

  resume(): void {
    this.#paused = false
    this.#deliver()
  }

  #take(data: Buffer, isBinary: boolean): void {
    this.#partialSince = null
    if (this.#ending.cut) return
    if (!isBinary || data.length !== BLOCK_SIZE) {
      this.close(new TransportError('transport.block', 'a message that is no block', { length: data.length }))
      return
    }
    this.#held.push(new Uint8Array(data))
    this.#deliver()
  }

  /** The handler may pause, close or replace itself in the middle. */
  #deliver(): void {
    while (!this.#paused && !this.#ending.begun && this.#handler) {
      const block = this.#held.shift()
      if (!block) {
        this.#web.resume()
        return
      }
      this.#handler(block)
    }
  }

  #finish(): void {
    this.#ending.finish(
      () => closed('peer'),
      () => {
        while (this.#handler && !this.#ending.cut && this.#held.length > 0) this.#handler(this.#held.shift()!)
      },
    )
  }
}
