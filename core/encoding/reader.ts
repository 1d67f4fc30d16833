import { AppError } from '#core/base'

/** Input that is not what the format says. `offset` is where in the input, `path` which field. */
export class DecodeError extends AppError {
  constructor(message: string, offset: number, path = '', options?: ErrorOptions) {
    super('encoding.decode', message, { offset, path }, options)
    this.name = 'DecodeError'
  }
}

/** A value that the format cannot hold, for example a byte string too long for its length prefix. */
export class EncodeError extends AppError {
  constructor(message: string, facts: Record<string, number | string> = {}) {
    super('encoding.encode', message, facts)
    this.name = 'EncodeError'
  }
}

/**
 * Reads a byte string from the front. Every slice is a view on the input and is never copied:
 * a caller that keeps a small part of a large block copies it with `.slice()`.
 */
export class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get offset(): number {
    return this.#at
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  /** Looks at the next byte without taking it; `undefined` at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#at]
  }

  take(length: number): Uint8Array {
    if (length > this.remaining) this.fail(`${length} bytes wanted, ${this.remaining} left`)
    const slice = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return slice
  }

  byte(): number {
    return this.take(1)[0]!
  }

  rest(): Uint8Array {
    return this.take(this.remaining)
  }

  end(): void {
    if (this.remaining !== 0) this.fail(`${this.remaining} bytes too many`)
  }

  fail(message: string): never {
    throw new DecodeError(message, this.#at)
  }
}
