/** Queues of which something is kept, about 2 KB each: 8 MB at most, however many queues there are. */
const KEPT = 4_000

/**
 * What is on disk about the queues that were in use last, by their numbers, so that a message does not read again what the
 * one before has read. Whoever writes it to disk keeps or drops it here; when anything is undone all is dropped.
 */
export class Recent<T> {
  readonly #values = new Map<number, T>()

  get(queueNo: number): T | undefined {
    return this.#values.get(queueNo)
  }

  keep(queueNo: number, value: T): void {
    if (this.#values.size >= KEPT && !this.#values.has(queueNo))
      for (const oldest of this.#values.keys()) {
        this.#values.delete(oldest)
        break
      }
    this.#values.set(queueNo, value)
  }

  drop(queueNo: number): void {
    this.#values.delete(queueNo)
  }

  clear(): void {
    this.#values.clear()
  }
}
