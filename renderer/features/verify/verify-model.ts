import type { ContractError, SecurityCode, Verified } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import type { Host } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'

export interface VerifyState {
  code: SecurityCode | null
  /** Why the last step did not work. */
  error: ContractError | null
  pasted: string
  /** Why the pasted text is not the code. */
  reason: Verified['reason']
  busy: 'scan' | 'compare' | 'match' | 'clear' | null
}

/** The code of one contact, and what was compared with it. The core computes it anew at every look. */
export class VerifyModel extends ViewModel<VerifyState> {
  readonly #host: Pick<Host, 'call'>
  readonly #contactId: string

  constructor(host: Pick<Host, 'call'>, contactId: string) {
    super({ code: null, error: null, pasted: '', reason: null, busy: null })
    this.#host = host
    this.#contactId = contactId
  }

  async load(): Promise<void> {
    try {
      const code = await this.#host.call('contact.securityCode', { contactId: this.#contactId })
      this.update({ code, error: null })
    } catch (error) {
      this.update({ error: toFailure(error) })
    }
  }

  setPasted(pasted: string): void {
    this.update({ pasted, reason: null })
  }

  /** Whether the pasted code is the one shown here. */
  async compare(): Promise<boolean> {
    return this.#verify('compare', this.state.pasted, 'paste')
  }

  /** Whether the code that was scanned is the one shown here; marks this side alone (VER-2). */
  async scanned(code: string): Promise<boolean> {
    return this.#verify('scan', code, 'scan')
  }

  /** The person has compared both screens: the code as it was shown, so that a change meanwhile is refused. */
  async match(): Promise<boolean> {
    return this.#verify('match', this.state.code?.code ?? '', 'hand')
  }

  async clear(): Promise<boolean> {
    return this.#verify('clear', null, 'hand')
  }

  async #verify(
    busy: NonNullable<VerifyState['busy']>,
    code: string | null,
    how: 'scan' | 'paste' | 'hand',
  ): Promise<boolean> {
    if (this.state.busy !== null) return false
    this.update({ busy, error: null, reason: null })
    try {
      const { matches, reason } = await this.#host.call('contact.verify', {
        contactId: this.#contactId,
        code,
        how,
      })
      this.update({ reason, ...(matches && { pasted: '' }) })
      await this.load()
      return matches
    } catch (error) {
      this.update({ error: toFailure(error) })
      return false
    } finally {
      this.update({ busy: null })
    }
  }
}

/** Four groups a row, as the lines of other programs are cut; spoken one digit after the other. */
export function codeRows(code: string): { letter: string; groups: string[]; spoken: string }[] {
  const groups = code.split(' ').filter((group) => group !== '')
  return Array.from({ length: Math.ceil(groups.length / 4) }, (_, index) => {
    const row = groups.slice(index * 4, index * 4 + 4)
    return {
      letter: String.fromCharCode(65 + index),
      groups: row,
      spoken: row.map((group) => [...group].join(' ')).join(', '),
    }
  })
}

/** Four words a row: the longest still fit a narrow window. */
export function wordRows(words: readonly string[]): { letter: string; groups: string[]; spoken: string }[] {
  return Array.from({ length: Math.ceil(words.length / 4) }, (_, index) => {
    const row = words.slice(index * 4, index * 4 + 4)
    return { letter: String.fromCharCode(65 + index), groups: row, spoken: row.join(', ') }
  })
}
