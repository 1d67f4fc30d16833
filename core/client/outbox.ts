import { toHex } from '#core/base'
import { packBatches } from '#core/protocol'
import type { SecureBlocks } from '#core/transport'

interface Item {
  readonly entityId: Uint8Array
  readonly bytes: Uint8Array
  /** False when its request was given up before it was written. */
  readonly wanted: () => boolean
}

/**
 * Transmissions on their way out. What is queued in one tick, or while the relay is slow to take more, shares blocks;
 * but two commands for one queue never do: relays run the commands of a block in any order. smp.md 5.5
 */
export class Outbox {
  readonly #blocks: SecureBlocks
  #items: Item[] = []
  #busy = false

  constructor(blocks: SecureBlocks) {
    this.#blocks = blocks
  }

  add(item: Item): void {
    this.#items.push(item)
    if (this.#busy) return
    this.#busy = true
    queueMicrotask(() => void this.#flush())
  }

  async #flush(): Promise<void> {
    try {
      while (this.#items.length > 0) {
        const items = this.#items.filter((item) => item.wanted())
        this.#items = []
        for (const run of independentRuns(items)) await this.#write(run)
      }
    } catch {
      // The connection is over: whoever waits for an answer hears it from there.
      this.#items = []
    } finally {
      this.#busy = false
    }
  }

  async #write(run: readonly Item[]): Promise<void> {
    for (const batch of packBatches(run.map((item) => item.bytes)))
      if ('content' in batch) await this.#blocks.send(batch.content)
  }
}

/** Consecutive items in which no queue occurs twice. */
function independentRuns(items: readonly Item[]): Item[][] {
  const runs: Item[][] = []
  let seen = new Set<string>()
  for (const item of items) {
    const entity = toHex(item.entityId)
    if (runs.length === 0 || (entity !== '' && seen.has(entity))) {
      runs.push([])
      seen = new Set()
    }
    seen.add(entity)
    runs.at(-1)!.push(item)
  }
  return runs
}
