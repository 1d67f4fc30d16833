/** A private name that saves itself: while typing with a short delay, at once on leaving the field. */
import type { ContractError } from '#core/contract'
import { toFailure } from '../host/index.ts'
import { ViewModel } from './view-model.ts'

/** As the core keeps it: what is longer would lose its end. */
export const LONGEST_PRIVATE_NAME = 50

const SAVE_AFTER_MS = 400 // ours: long enough for a word, short enough to be kept when the power goes

export interface PrivateNameState {
  value: string
  error: ContractError | null
}

export class PrivateName extends ViewModel<PrivateNameState> {
  readonly #save: (name: string | null) => Promise<void>
  #saved: string
  #timer: ReturnType<typeof setTimeout> | undefined
  #queue: Promise<void> = Promise.resolve()

  constructor(name: string | null, save: (name: string | null) => Promise<void>) {
    super({ value: name ?? '', error: null })
    this.#saved = name ?? ''
    this.#save = save
  }

  setValue(value: string): void {
    this.update({ value })
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), SAVE_AFTER_MS)
  }

  /** Saves now what is not saved; calls keep their order. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    const name = this.state.value.trim()
    if (name === this.#saved) return this.#queue
    const before = this.#saved
    this.#saved = name
    this.#queue = this.#queue.then(async () => {
      try {
        await this.#save(name === '' ? null : name)
        this.update({ error: null })
      } catch (error) {
        this.#saved = before
        this.update({ error: toFailure(error) })
      }
    })
    return this.#queue
  }
}
