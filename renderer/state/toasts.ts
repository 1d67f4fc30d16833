/** Short messages at the foot of the window and the one polite live region. Text only, never of a message. */
import { ViewModel } from './view-model.ts'

export interface Toast {
  id: number
  text: string
  mark: 'check' | 'connected' | 'busy' | 'problem' | null
  action: { label: string; run: () => void } | null
}

export interface ToastsState {
  toasts: readonly Toast[]
  /** What assistive technology is told now; `serial` makes the same words be said again. */
  said: { text: string; serial: number }
}

const MAX_SHOWN = 2 // design: at most two

export class Toasts extends ViewModel<ToastsState> {
  #next = 1

  constructor() {
    super({ toasts: [], said: { text: '', serial: 0 } })
  }

  /** Shows and says it once. */
  show(toast: { text: string; mark?: Toast['mark']; action?: Toast['action'] }): number {
    const id = this.#next++
    const added: Toast = { id, text: toast.text, mark: toast.mark ?? null, action: toast.action ?? null }
    this.update({ toasts: [...this.state.toasts, added].slice(-MAX_SHOWN) })
    this.say(toast.text)
    return id
  }

  dismiss(id: number): void {
    this.update({ toasts: this.state.toasts.filter((toast) => toast.id !== id) })
  }

  /** For assistive technology alone. */
  say(text: string): void {
    this.update({ said: { text, serial: this.state.said.serial + 1 } })
  }
}
