import { randomBytes, timingSafeEqual } from 'node:crypto'

/** 32 bytes as base64url. */
const IS_KEY = /^[\w-]{43}$/
/** Most pages that may be open at a time; the one that came first makes room. */
const MOST = 50

/**
 * Who may come in. An address for the person holds a key that opens once; the page that used it gets one of its own, which
 * it keeps for as long as its tab lives. So an address that somebody reads later, in a list of processes or a history,
 * opens nothing.
 */
export class PageKeys {
  #once: string[] = []
  #lasting: string[] = []

  /** For an address. */
  once(): string {
    const key = randomBytes(32).toString('base64url')
    this.#once = [...this.#once, key].slice(-MOST)
    return key
  }

  opens(key: string): boolean {
    return indexOf(this.#once, key) >= 0 || indexOf(this.#lasting, key) >= 0
  }

  /**
   * Lets in: the key for the next time, which is another one after a first use; null: nobody has this key (any more).
   * `wanted`: what the page has kept for that before it knocked, so that a reload in this very moment comes back in.
   */
  use(key: string, wanted: string | null): string | null {
    const at = indexOf(this.#once, key)
    if (at < 0) return indexOf(this.#lasting, key) < 0 ? null : key
    this.#once = this.#once.toSpliced(at, 1)
    const lasting = wanted !== null && IS_KEY.test(wanted) ? wanted : randomBytes(32).toString('base64url')
    this.#lasting = [...this.#lasting, lasting].slice(-MOST)
    return lasting
  }
}

function indexOf(keys: readonly string[], given: string): number {
  const bytes = Buffer.from(given)
  return keys.findIndex((key) => {
    const own = Buffer.from(key)
    return own.length === bytes.length && timingSafeEqual(own, bytes)
  })
}
