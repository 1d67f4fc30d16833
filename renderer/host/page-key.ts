/** Where the key of this tab is kept: a reload has it, another tab and the next day have not. */
const KEY = 'duplex.token'

/**
 * What lets this page in at the browser host: the key of its address, which opens once, and then one of its own that the
 * host gives it for the time that the tab lives.
 */
export class PageKey {
  #key: string
  /** Of this tab, where its address names another one that turns out to be used. */
  #other: string | null = null

  constructor() {
    const kept = window.sessionStorage.getItem(KEY)
    const given = new URLSearchParams(window.location.hash.slice(1)).get('token')
    this.#key = given ?? kept ?? ''
    if (given === null) return
    this.#other = kept
    // Out of the address bar at once.
    window.history.replaceState(null, '', window.location.pathname + window.location.search)
  }

  get address(): string {
    return `ws://${window.location.host}/contract?token=${encodeURIComponent(this.#key)}`
  }

  /** The host's word for the next time. */
  takes(message: unknown): boolean {
    if (typeof message !== 'object' || message === null || !('host' in message)) return false
    if (message.host !== 'key' || !('key' in message) || typeof message.key !== 'string') return false
    this.#key = message.key
    window.sessionStorage.setItem(KEY, message.key)
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
