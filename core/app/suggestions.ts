import type { Random } from '#core/base'
import { newId, randomName } from '#core/chat'

/** Most suggested names that are remembered at a time: far more than one person looks at. */
const MOST = 200

/** Random names that were shown and may be used: the name shown is the name used. They end with the process. */
export class Suggestions {
  readonly #random: Random
  readonly #names = new Map<string, string>()

  constructor(random: Random) {
    this.#random = random
  }

  suggest(): { incognitoId: string; name: string } {
    const incognitoId = newId(this.#random)
    const name = randomName(this.#random)
    this.#names.set(incognitoId, name)
    for (const oldest of this.#names.keys()) {
      if (this.#names.size <= MOST) break
      this.#names.delete(oldest)
    }
    return { incognitoId, name }
  }

  get(incognitoId: string): string | null {
    return this.#names.get(incognitoId) ?? null
  }

  used(incognitoId: string): void {
    this.#names.delete(incognitoId)
  }
}
