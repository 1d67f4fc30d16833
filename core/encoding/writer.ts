/** Larger than every block; a message needs several encodings, and an array of this size costs more than filling it. */
const SHARED_SIZE = 32_768
/** What one writer after the other fills; null while one has it. Nothing ever reads beyond what was written. */
let shared: Uint8Array<ArrayBuffer> | null = null

/** Collects bytes; `finish` returns them in one exact array. Doubles its buffer as needed. */
export class Writer {
  #buffer: Uint8Array<ArrayBuffer>
  #length = 0

  constructor() {
    this.#buffer = shared ?? new Uint8Array(SHARED_SIZE)
    shared = null
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = value
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
  }

  /** Nothing can be written after it. */
  finish(): Uint8Array {
    const bytes = this.#buffer.slice(0, this.#length)
    this.#leave()
    return bytes
  }

  /** As `finish`, into the front of an array that is there already. Returns how many bytes; false where they do not fit. */
  finishInto(target: Uint8Array): number | false {
    const length = this.#length
    const fits = length <= target.length
    if (fits) target.set(this.#buffer.subarray(0, length))
    this.#leave()
    return fits && length
  }

  /** As `finish`; what fits into `room` stands in its front, and is a view on it. */
  finishIn(room: Uint8Array): Uint8Array {
    if (this.#length > room.length) return this.finish()
    return room.subarray(0, Number(this.finishInto(room)))
  }

  #leave(): void {
    if (this.#buffer.length === SHARED_SIZE) shared = this.#buffer
    this.#buffer = new Uint8Array(0)
    this.#length = 0
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#buffer.length) return
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2))
    grown.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = grown
  }
}
