import { BLOCK_SIZE } from '#core/protocol'
import { checkBlock, type Blocks } from './blocks.ts'
import { closed, type TransportError } from './errors.ts'

/** Two ends of a connection inside one process, for tests: what one sends the other gets, later but in order. */
export function memoryPipe(): [Blocks, Blocks] {
  const there: Lane = { blocks: [], ended: false, wake: () => {} }
  const back: Lane = { blocks: [], ended: false, wake: () => {} }
  return [new MemoryBlocks(there, back), new MemoryBlocks(back, there)]
}

/** One direction. */
interface Lane {
  blocks: Uint8Array[]
  ended: boolean
  /** Tells the reader that something changed. */
  wake: () => void
}

class MemoryBlocks implements Blocks {
  readonly #out: Lane
  readonly #in: Lane
  #handler: ((block: Uint8Array) => void) | null = null
  #closeHandlers: ((reason: TransportError) => void)[] = []
  #reason: TransportError | null = null
  #paused = false
  #scheduled = false

  constructor(out: Lane, input: Lane) {
    this.#out = out
    this.#in = input
    input.wake = () => this.#schedule()
  }

  readonly partialSince: null = null

  get waiting(): number {
    return this.#out.blocks.length * BLOCK_SIZE
  }

  send(block: Uint8Array): Promise<void> {
    checkBlock(block)
    if (this.#reason) return Promise.reject(this.#reason)
    this.#out.blocks.push(block.slice())
    this.#out.wake()
    return Promise.resolve()
  }

  onBlock(handler: (block: Uint8Array) => void): void {
    this.#handler = handler
    this.#schedule()
  }

  onClose(handler: (reason: TransportError) => void): void {
    if (this.#reason) handler(this.#reason)
    else this.#closeHandlers.push(handler)
  }

  close(reason?: TransportError): void {
    if (reason) this.#out.blocks = []
    this.#out.ended = true
    this.#out.wake()
    this.#finish(reason ?? closed('us'))
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#deliver()
    })
  }

  #deliver(): void {
    while (this.#handler && !this.#paused && !this.#reason) {
      const block = this.#in.blocks.shift()
      if (!block) break
      this.#handler(block)
    }
    if (this.#in.ended && this.#in.blocks.length === 0) this.#finish(closed('peer', { partial: 0 }))
  }

  #finish(reason: TransportError): void {
    if (this.#reason) return
    this.#reason = reason
    for (const handler of this.#closeHandlers.splice(0)) handler(reason)
  }
}
