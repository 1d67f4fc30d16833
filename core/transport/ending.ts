import { closed, type TransportError } from './errors.ts'

/**
 * How a connection ends, whatever carries its blocks: it is cut by us or lost, the first reason counts, what had come before
 * is delivered, and everybody who asked is told once.
 */
export class Ending {
  #reason: TransportError | null = null
  #handlers: ((reason: TransportError) => void)[] = []
  #cut = false
  #over = false

  /** Nothing comes in any more: we closed, or everybody was told. */
  get begun(): boolean {
    return this.#cut || this.#over
  }

  /** We closed: what still comes in is of no interest. */
  get cut(): boolean {
    return this.#cut
  }

  get reason(): TransportError {
    return this.#reason ?? closed('us')
  }

  because(reason: TransportError): void {
    this.#reason ??= reason
  }

  onClose(handler: (reason: TransportError) => void): void {
    if (this.#over) handler(this.reason)
    else this.#handlers.push(handler)
  }

  /** By us. False where it has begun before. */
  begin(reason: TransportError | undefined): boolean {
    if (this.begun) return false
    this.#cut = true
    this.because(reason ?? closed('us'))
    return true
  }

  /** `deliverRest`: what came and was not looked at yet. Does nothing the second time. */
  finish(lost: () => TransportError, deliverRest: () => void): void {
    if (this.#over) return
    deliverRest()
    if (this.#over) return
    this.#over = true
    this.because(lost())
    for (const handler of this.#handlers.splice(0)) handler(this.reason)
  }
}
