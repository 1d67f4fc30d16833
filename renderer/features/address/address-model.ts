import type { Address, ContractError, Params } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { toFailure } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'

/** What is edited as a form; it applies with *Save* alone (flows 6). */
export interface Draft {
  autoAccept: boolean
  incognito: boolean
  welcome: string
  /** A day as `YYYY-MM-DD`, through its end, in the reader's own time; empty is never. */
  stopAt: string
  /** Digits; empty is no limit. */
  stopAfter: string
}

export type Deed = 'save' | 'pause' | 'share' | 'replace' | 'delete' | 'label'

export interface AddressState {
  draft: Draft
  /** The saved values, as the draft would hold them. */
  saved: Draft
  busy: Deed | null
  error: ContractError | null
}

type Change = Omit<Params<'address.update'>, 'addressId'>

/** One own address: its form and its deeds. The address itself is in the store and changes by events too. */
export class AddressModel extends ViewModel<AddressState> {
  readonly #host: Pick<Host, 'call'>
  readonly #put: (address: Address) => void
  readonly #newId: () => string
  #address: Address
  /** One for every replacement, so that Resume and a double click make one new address. */
  #once: string

  constructor(
    host: Pick<Host, 'call'>,
    address: Address,
    put: (address: Address) => void,
    newId: () => string = () => crypto.randomUUID(),
  ) {
    const saved = draftOf(address)
    super({ draft: saved, saved, busy: null, error: null })
    this.#host = host
    this.#address = address
    this.#put = put
    this.#newId = newId
    this.#once = newId()
  }

  get dirty(): boolean {
    return !same(this.state.draft, this.state.saved)
  }

  /** Why the form cannot be saved; null when it can. */
  get wrong(): 'stopAfter' | null {
    const { stopAfter } = this.state.draft
    return stopAfter === '' || /^[1-9]\d{0,8}$/.test(stopAfter) ? null : 'stopAfter'
  }

  /** The address changed here or elsewhere: fields that were not touched follow it. */
  follow(address: Address): void {
    if (address === this.#address) return
    this.#address = address
    const { draft, saved } = this.state
    const next = draftOf(address)
    if (same(next, saved)) return
    this.update({ saved: next, draft: merged(draft, saved, next) })
  }

  edit(change: Partial<Draft>): void {
    this.update({ draft: { ...this.state.draft, ...change } })
  }

  discard(): void {
    this.update({ draft: this.state.saved, error: null })
  }

  /** One call, all or nothing. True when nothing is left unsaved. */
  async save(): Promise<boolean> {
    if (!this.dirty) return true
    if (this.wrong !== null) return false
    return this.#change('save', changeOf(this.state.draft, this.state.saved))
  }

  pause(paused: boolean): Promise<boolean> {
    return this.#change('pause', { paused })
  }

  share(sharedInProfile: boolean): Promise<boolean> {
    return this.#change('share', { sharedInProfile })
  }

  setLabel(label: string): Promise<boolean> {
    return this.#change('label', { label: label.trim() === '' ? null : label.trim() })
  }

  /** Auto-accept off at once: one of the ways out of a flood. */
  stopAccepting(): Promise<boolean> {
    return this.#change('save', { autoAccept: null })
  }

  /** Makes the new one first; half-way the address says `replacing`, and the same again resumes. */
  async replace(): Promise<Address | null> {
    const { addressId } = this.#address
    const made = await this.#run('replace', () =>
      this.#host.call('address.replace', { addressId, once: this.#once }),
    )
    if (made === null) return null
    this.#once = this.#newId()
    this.#put(made)
    return made
  }

  async remove(waiting: { acceptFirst: readonly string[] } | 'keep' | 'reject'): Promise<boolean> {
    const { addressId } = this.#address
    const done = await this.#run('delete', () =>
      this.#host.call('address.delete', {
        addressId,
        ...(waiting === 'reject' && { rejectWaiting: true }),
        ...(typeof waiting === 'object' &&
          waiting.acceptFirst.length > 0 && { acceptFirst: [...waiting.acceptFirst] }),
      }),
    )
    return done !== null
  }

  async #change(deed: Deed, change: Change): Promise<boolean> {
    const { addressId } = this.#address
    const address = await this.#run(deed, () => this.#host.call('address.update', { addressId, ...change }))
    if (address === null) return false
    this.#put(address)
    this.follow(address)
    return true
  }

  async #run<T>(deed: Deed, act: () => Promise<T>): Promise<T | null> {
    if (this.state.busy !== null) return null
    this.update({ busy: deed, error: null })
    try {
      return await act()
    } catch (thrown) {
      this.update({ error: toFailure(thrown) })
      return null
    } finally {
      this.update({ busy: null })
    }
  }
}

export function draftOf(address: Address): Draft {
  const { autoAccept, welcomeMessage, stopAt, stopAfter } = address
  return {
    autoAccept: autoAccept !== null,
    incognito: autoAccept?.incognito ?? false,
    welcome: welcomeMessage ?? '',
    stopAt: stopAt === null ? '' : dayOf(new Date(stopAt)),
    stopAfter: stopAfter === null ? '' : String(stopAfter),
  }
}

/** Only what was changed, so that nothing else is written over. Incognito counts only while auto-accept is on. */
export function changeOf(draft: Draft, saved: Draft): Change {
  const accepting = draft.autoAccept ? { incognito: draft.incognito } : null
  const before = saved.autoAccept ? { incognito: saved.incognito } : null
  return {
    ...(JSON.stringify(accepting) !== JSON.stringify(before) && { autoAccept: accepting }),
    ...(draft.welcome !== saved.welcome && {
      welcomeMessage: draft.welcome.trim() === '' ? null : draft.welcome,
    }),
    ...(draft.stopAt !== saved.stopAt && { stopAt: draft.stopAt === '' ? null : endOfDay(draft.stopAt) }),
    ...(draft.stopAfter !== saved.stopAfter && {
      stopAfter: draft.stopAfter === '' ? null : Number(draft.stopAfter),
    }),
  }
}

function same(a: Draft, b: Draft): boolean {
  return Object.keys(changeOf(a, b)).length === 0
}

function merged(draft: Draft, saved: Draft, next: Draft): Draft {
  return {
    autoAccept: draft.autoAccept === saved.autoAccept ? next.autoAccept : draft.autoAccept,
    incognito: draft.incognito === saved.incognito ? next.incognito : draft.incognito,
    welcome: draft.welcome === saved.welcome ? next.welcome : draft.welcome,
    stopAt: draft.stopAt === saved.stopAt ? next.stopAt : draft.stopAt,
    stopAfter: draft.stopAfter === saved.stopAfter ? next.stopAfter : draft.stopAfter,
  }
}

function dayOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59.999`).toISOString()
}
