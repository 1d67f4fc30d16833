import type { Found } from '#core/contract'
import type { Host } from '../../host/index.ts'

/** What somebody is looking for with the scanner. */
export type Purpose = 'link' | 'securityCode' | 'relay'

const MOST_KNOWN = 64 // ours: more codes than that are in no picture

export interface Judged {
  /** Of the kind that is wanted, each text once. */
  right: readonly Found[]
  /** The first of another kind. */
  wrong: Found | null
}

/** What the texts of codes mean; asks the core, which asks nobody. */
export class Judge {
  readonly #host: Pick<Host, 'call'>
  readonly #purpose: Purpose
  /** A camera shows the same code many times a second. */
  readonly #known = new Map<string, readonly Found[]>()

  constructor(host: Pick<Host, 'call'>, purpose: Purpose) {
    this.#host = host
    this.#purpose = purpose
  }

  async judge(texts: readonly string[]): Promise<Judged> {
    const found = (await Promise.all(texts.map((text) => this.#parse(text)))).flat()
    const right = found.filter(
      ({ kind, text }, at) =>
        kind === this.#purpose && found.findIndex((one) => one.text === text && one.kind === kind) === at,
    )
    return { right, wrong: found.find(({ kind }) => kind !== this.#purpose) ?? null }
  }

  async #parse(text: string): Promise<readonly Found[]> {
    const before = this.#known.get(text)
    if (before !== undefined) return before
    const found = await this.#host.call('link.parse', { text }).catch((): Found[] => [])
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(text, found)
    return found
  }
}
