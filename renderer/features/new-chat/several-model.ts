import type { Connection, ContractError, ContractEvent, Params } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { isCancelled, toFailure } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'
import { asParams, type Appearing } from '../identity/index.ts'
import { expiryOf, type WorksFor } from './works-for.ts'

/** flows 4, INV-11 */
export const LEAST_LINKS = 2
export const MOST_LINKS = 50

/** What may be said of all of them before they are made; begins with what the card beside it says. */
export interface Settings {
  name: string
  appearing: Appearing
  worksFor: WorksFor
}

export interface OneOfSeveral {
  connectionId: string
  name: string
  /** `null` once it is deleted. */
  row: Connection | null
}

/** `form` -> `making` -> `made`; what fails leads back to the form with an error, and nothing was made. */
export interface SeveralState extends Settings {
  phase: 'form' | 'making' | 'made'
  /** As it was typed. */
  count: string
  error: ContractError | null
  /** True once a wait is so long that it needs a reason. */
  slow: boolean
  links: readonly OneOfSeveral[]
}

const SLOW_MS = 10_000 // flows 0: every wait over 10 s gains a reason
const USUAL = '5' // ours: a table at a party

type Port = Pick<Host, 'call' | 'onEvent' | 'copyText' | 'saveFile' | 'printPage'>

/** Several one-time links at once: all of them or none (INV-11). */
export class SeveralModel extends ViewModel<SeveralState> {
  readonly #host: Port
  readonly #newId: () => string
  #abort: AbortController | null = null
  /** The call that is under way or failed: made again with the same settings, it makes no second batch. */
  #call = { once: '', about: '' }

  constructor(host: Port, settings: Settings, newId: () => string = () => crypto.randomUUID()) {
    super({ phase: 'form', count: USUAL, error: null, slow: false, links: [], ...settings })
    this.#host = host
    this.#newId = newId
  }

  /** Follows the rows until the returned function is called. */
  attach(): () => void {
    return this.#host.onEvent((event) => this.#onEvent(event))
  }

  change(change: Partial<Settings & { count: string }>): void {
    this.update({ ...change, error: null })
  }

  appearAs(choice: string): void {
    this.change({ appearing: { ...this.state.appearing, chosen: choice } })
  }

  /** Rows that are made stay as they are; the form comes back for others. */
  makeMore(): void {
    this.update({ phase: 'form', links: [], error: null })
  }

  async make(): Promise<void> {
    const count = countOf(this.state.count)
    if (count === null || this.state.phase !== 'form') return
    const params = this.#params(count)
    const about = JSON.stringify({ ...params, expiresAt: this.state.worksFor })
    if (about !== this.#call.about) this.#call = { once: this.#newId(), about }
    const { profileId } = params
    this.#abort = new AbortController()
    this.update({ phase: 'making', error: null })
    const slow = setTimeout(() => this.update({ slow: true }), SLOW_MS)
    try {
      const made = await this.#host.call(
        'invitation.createMany',
        { ...params, once: this.#call.once },
        this.#abort.signal,
      )
      const rows = await this.#host.call('connection.list', profileId === undefined ? {} : { profileId })
      this.#call = { once: '', about: '' }
      this.update({
        phase: 'made',
        links: made.map(({ connectionId, name }) => ({
          connectionId,
          name,
          row: rows.find((one) => one.connectionId === connectionId) ?? null,
        })),
      })
    } catch (thrown) {
      const stopped = isCancelled(thrown) ? { code: 'CANCELLED' as const, message: '' } : null
      this.update({ phase: 'form', error: stopped ?? toFailure(thrown) })
    } finally {
      clearTimeout(slow)
      this.update({ slow: false })
    }
  }

  /** Gives up waiting; what was made of them by then is taken back by the core. */
  cancel(): void {
    this.#abort?.abort()
  }

  async copy({ connectionId, row }: OneOfSeveral): Promise<void> {
    if (row?.link == null) return
    await this.#host.copyText(row.link)
    await this.#markShared(connectionId)
  }

  /** False when the person chose no place. */
  async savePage(fileName: string): Promise<boolean> {
    const page = await this.#page()
    if (!(await this.#host.saveFile(fileName, page))) return false
    await this.#allShared()
    return true
  }

  async print(): Promise<void> {
    this.#host.printPage(await this.#page())
    await this.#allShared()
  }

  /** Cards of those that can still be given away. */
  async #page(): Promise<string> {
    const connectionIds = givable(this.state.links).map((one) => one.connectionId)
    const { dataUri } = await this.#host.call('link.image', { style: 'page', format: 'html', connectionIds })
    return dataUri
  }

  async #allShared(): Promise<void> {
    await Promise.all(givable(this.state.links).map((one) => this.#markShared(one.connectionId)))
  }

  async #markShared(connectionId: string): Promise<void> {
    // the row says so itself; where it cannot, the link was given away all the same
    await this.#host.call('connection.markShared', { connectionId }).catch(() => {})
  }

  #params(count: number): Params<'invitation.createMany'> {
    const { name, appearing, worksFor } = this.state
    // no suggested name: it could be used for one of them alone
    const { incognitoId: _, ...asWhom } = asParams(appearing)
    return {
      count,
      ...(name.trim() !== '' && { name: name.trim() }),
      ...asWhom,
      ...(worksFor !== 'relay' && { expiresAt: expiryOf(worksFor) }),
    }
  }

  #onEvent(event: ContractEvent): void {
    if (event.event === 'connection.updated') this.#follow(event.data.connectionId, event.data)
    if (event.event === 'connection.removed') {
      const known = this.state.links.find((one) => one.connectionId === event.data.connectionId)
      // a row that has become a contact is gone from the list, not deleted
      if (known?.row?.contactId === null) this.#follow(event.data.connectionId, null)
    }
  }

  #follow(connectionId: string, row: Connection | null): void {
    const { links } = this.state
    if (!links.some((one) => one.connectionId === connectionId)) return
    this.update({ links: links.map((one) => (one.connectionId === connectionId ? { ...one, row } : one)) })
  }
}

/** Those whose link works and is nobody's yet. */
export function givable(links: readonly OneOfSeveral[]): readonly OneOfSeveral[] {
  return links.filter(({ row }) => row !== null && row.link !== null && row.status === 'waiting')
}

/** `null`: not a number of links that can be made. */
export function countOf(typed: string): number | null {
  const count = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : 0
  return count >= LEAST_LINKS && count <= MOST_LINKS ? count : null
}
