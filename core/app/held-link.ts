/**
 * A link from outside. It waits in memory alone while somebody is still setting up, so that a fresh installation never
 * writes down who invited it; the newest takes the place of the one before. flows.md 10, ONB-6, LND-6
 */
export class HeldLink {
  #held: { text: string; replaced: boolean } | null = null

  get waiting(): boolean {
    return this.#held !== null
  }

  hold(text: string): void {
    this.#held = { text, replaced: this.#held !== null }
  }

  /** Once. */
  take(): { text: string; replaced: boolean } | null {
    const held = this.#held
    this.#held = null
    return held
  }
}
