/** A typed list of listeners. A listener that throws is the owner's bug: it is reported to `onError` and the others still run. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>()
  readonly #onError: (error: unknown) => void

  constructor(
    onError: (error: unknown) => void = (error) => {
      throw error
    },
  ) {
    this.#onError = onError
  }

  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value)
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}
