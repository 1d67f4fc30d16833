/** Where the key of this tab is kept: a reload has it, another tab and the next day have not. */
const KEY = 'duplex.token'
/** The key of the address, until it is known to be used. */
const GIVEN = 'duplex.token.once'
const KEY_BYTES = 32

/**
 * What lets this page in at the browser host: the key of its address, which opens once, and then one of its own that the
 * page makes for the time that the tab lives. It is kept before it is told: a reload at any moment has one that opens.
 */
export class PageKey {
  #key: string
  /** Told with the key of an address: what this tab comes back with. */
  readonly #next: string
  /** Of this tab, where the first turns out to open nothing. */
  #other: string | null = null

  constructor() {
    const { sessionStorage, history, location } = window
    const kept = sessionStorage.getItem(KEY)
    const given = new URLSearchParams(location.hash.slice(1)).get('token')
    if (given === null) {
      this.#key = kept ?? ''
      this.#next = this.#key
      this.#other = sessionStorage.getItem(GIVEN)
      return
    }
    this.#key = given
    this.#next = newKey()
    this.#other = kept
    if (kept === null) {
      sessionStorage.setItem(KEY, this.#next)
      sessionStorage.setItem(GIVEN, given)
    }
    // Out of the address bar at once.
    history.replaceState(null, '', location.pathname + location.search)
  }

  get address(): string {
    const query = new URLSearchParams({ token: this.#key, next: this.#next })
    return `ws://${window.location.host}/contract?${query}`
  }

  /** The host's word for the next time. */
  takes(message: unknown): boolean {
    if (typeof message !== 'object' || message === null || !('host' in message)) return false
    if (message.host !== 'key' || !('key' in message) || typeof message.key !== 'string') return false
    this.#key = message.key
    window.sessionStorage.setItem(KEY, message.key)
    window.sessionStorage.removeItem(GIVEN)
    return true
  }

  /** False also where nobody answers: the host may be on its way back. */
  async isRefused(): Promise<boolean> {
    try {
      return (await fetch('/door', { headers: { 'X-Duplex-Key': this.#key } })).status === 403
    } catch {
      return false
    }
  }

  useOther(): boolean {
    if (this.#other === null) return false
    this.#key = this.#other
    this.#other = null
    return true
  }
}

function newKey(): string {
  const bytes = window.crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
