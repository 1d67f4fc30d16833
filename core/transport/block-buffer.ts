/** Cuts a stream of chunks into pieces of one size, whatever the chunks are. */
export class BlockBuffer {
  readonly #size: number
  #chunks: Uint8Array[] = []
  #held = 0

  constructor(size: number) {
    this.#size = size
  }

  /** Bytes that wait for the rest of their block. */
  get held(): number {
    return this.#held
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#held += chunk.length
  }

  /** The next whole block; null when there is none yet. It is nobody else's: a chunk that is no more than it, or a copy. */
  take(): Uint8Array | null {
    if (this.#held < this.#size) return null
    if (this.#chunks[0]!.length === this.#size) {
      this.#held -= this.#size
      return this.#chunks.shift()!
    }
    const block = new Uint8Array(this.#size)
    let at = 0
    let used = 0
    while (at < this.#size) {
      const chunk = this.#chunks[used]!
      const part = chunk.subarray(0, this.#size - at)
      block.set(part, at)
      at += part.length
      if (part.length === chunk.length) used++
      else this.#chunks[used] = chunk.subarray(part.length)
    }
    this.#chunks = this.#chunks.slice(used)
    this.#held -= this.#size
    return block
  }
}
