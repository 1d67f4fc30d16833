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
    const first = this.#chunks[0]!
    if (first.length === this.#size) {
      this.#chunks.shift()
      this.#held -= this.#size
      // A `Buffer` is an array with other habits (its `slice` does not copy).
      return new Uint8Array(first.buffer, first.byteOffset, first.length)
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
