/** A plain object that holds one immutable snapshot and tells when it changes. React joins it by `useViewModel`. */
export class ViewModel<S> {
  #state: S
  readonly #listeners = new Set<() => void>()

  constructor(initial: S) {
    this.#state = initial
  }

  get state(): S {
    return this.#state
  }

  readonly getState = (): S => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  protected set(next: S): void {
    if (Object.is(next, this.#state)) return
    this.#state = next
    for (const listener of [...this.#listeners]) listener()
  }

  protected update(change: Partial<S>): void {
    this.set({ ...this.#state, ...change })
  }
}
