import { DecodeError, fromBase64Url, parseVersionRange, type VersionRange } from '#core/encoding'
import { LinkError, type LinkReason } from './errors.ts'

/**
 * A part of a link that still knows where it stands in the whole text, however often it was percent-decoded
 * since, so that a refusal can point at the very character. Every operation is linear in the piece.
 */
export class Piece {
  readonly text: string
  readonly #at: (index: number) => number

  private constructor(text: string, at: (index: number) => number) {
    this.text = text
    this.#at = at
  }

  static whole(text: string): Piece {
    return new Piece(text, (index) => index)
  }

  /** Offset in the whole text of the character at `index`. */
  at(index: number): number {
    return this.#at(index)
  }

  slice(from: number, to: number = this.text.length): Piece {
    return new Piece(this.text.slice(from, to), (index) => this.#at(from + index))
  }

  split(separator: RegExp): Piece[] {
    const pieces: Piece[] = []
    let from = 0
    for (const match of this.text.matchAll(separator)) {
      pieces.push(this.slice(from, match.index))
      from = match.index + match[0].length
    }
    pieces.push(this.slice(from))
    return pieces
  }

  /** `+` is a space, `%XX` a byte of UTF-8, once; a `%` without two digits stands for itself. agent.md 5.1 */
  percentDecoded(): Piece {
    if (!/[%+]/.test(this.text)) return this
    const source = new TextEncoder().encode(this.text)
    const isAscii = source.length === this.text.length
    const bytes = new Uint8Array(source.length)
    const origins = new Uint32Array(source.length)
    let length = 0
    for (let i = 0; i < source.length; i++) {
      origins[length] = i
      const high = hexDigit(source[i + 1])
      const low = hexDigit(source[i + 2])
      if (source[i] === 0x25 && high >= 0 && low >= 0) {
        bytes[length++] = 16 * high + low
        i += 2
      } else {
        bytes[length++] = source[i] === 0x2b ? 0x20 : source[i]!
      }
    }
    const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, length))
    // Letters of several bytes shift what follows; such a text is never looked into, so its start will do.
    const exact = isAscii && decoded.length === length
    return new Piece(decoded, (index) =>
      this.#at(exact ? (index < length ? origins[index]! : source.length) : 0),
    )
  }

  refuse(index: number, reason: LinkReason, cause?: unknown): never {
    throw new LinkError('link.invalid', this.at(index), reason, { cause })
  }

  /** Base64url of at least one byte, to the end of the piece. */
  base64(reason: LinkReason): Uint8Array {
    try {
      const bytes = fromBase64Url(this.text)
      if (bytes.length > 0) return bytes
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
    }
    return this.refuse(0, reason)
  }
}

/** `a-b` or `a`. */
export function readVersions(piece: Piece, reason: LinkReason): VersionRange {
  try {
    return parseVersionRange(piece.text)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return piece.refuse(0, reason)
  }
}

function hexDigit(code: number | undefined): number {
  if (code === undefined) return -1
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1
}

/** Parameters of a query: `&` and `;` separate, the first of a name counts, values are decoded once. agent.md 5.1 */
export class Query {
  readonly #values = new Map<string, Piece>()
  readonly #whole: Piece

  constructor(query: Piece) {
    this.#whole = query
    for (const part of query.split(/[&;]/g)) {
      const equals = part.text.indexOf('=')
      const name = (equals < 0 ? part : part.slice(0, equals)).percentDecoded().text
      if (name !== '' && !this.#values.has(name)) {
        this.#values.set(
          name,
          (equals < 0 ? part.slice(part.text.length) : part.slice(equals + 1)).percentDecoded(),
        )
      }
    }
  }

  get(name: string): Piece | undefined {
    return this.#values.get(name)
  }

  /** Refuses at the end of the query when there is no such parameter. */
  need(name: string, reason: LinkReason): Piece {
    return this.get(name) ?? this.#whole.refuse(this.#whole.text.length, reason)
  }
}

/** Keeps letters, digits and `- _ . ~`; everything else as `%XX`, also what `encodeURIComponent` leaves alone. agent.md 5.1 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
