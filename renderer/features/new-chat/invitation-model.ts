import type { Connection, ContractError, ContractEvent } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { isCancelled, toFailure } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'

/**
 * One invitation card: the life of one one-time link as its maker sees it.
 *
 *   idle -> creating -> unused -> shared -> connecting -> connected
 *              |  ^        \________________/    |
 *              v  | retry        deleted         failed
 *            error
 *
 * Whatever happens in between (a double click, Retry, another relay), one `once` makes at most one link.
 */
export type CardPhase =
  'idle' | 'creating' | 'error' | 'unused' | 'shared' | 'connecting' | 'connected' | 'failed' | 'deleted'

export interface InvitationState {
  phase: CardPhase
  /** What the person typed under *For*; saved as the connection's private name. */
  name: string
  link: string | null
  connectionId: string | null
  contactId: string | null
  /** The relay that holds the link, or the one that did not answer. */
  relay: string | null
  error: ContractError | null
  /** True once a wait is so long that it needs a reason. */
  slow: boolean
  /** Counts successful copies, so that each one is announced. */
  copies: number
}

const EMPTY: InvitationState = {
  phase: 'idle',
  name: '',
  link: null,
  connectionId: null,
  contactId: null,
  relay: null,
  error: null,
  slow: false,
  copies: 0,
}

const SLOW_MS = 10_000 // flows 0: every wait over 10 s gains a reason
const SAVE_NAME_MS = 400 // long enough for a word to be finished, short enough to be kept when the power goes

type Port = Pick<Host, 'call' | 'onEvent' | 'copyText'>

export class InvitationModel extends ViewModel<InvitationState> {
  readonly #host: Port
  readonly #newId: () => string
  #once: string
  #abort: AbortController | null = null
  #savedName = ''
  #saving: Promise<void> = Promise.resolve()
  #saveTimer: ReturnType<typeof setTimeout> | undefined
  /** Names the row through its whole life, also when it has become a contact. */
  #rowId: string | null = null

  constructor(host: Port, newId: () => string = () => crypto.randomUUID()) {
    super(EMPTY)
    this.#host = host
    this.#newId = newId
    this.#once = newId()
  }

  /** Follows the row until the returned function is called; a name still being typed is then saved. */
  attach(): () => void {
    const forget = this.#host.onEvent((event) => this.#onEvent(event))
    return () => {
      void this.saveName()
      forget()
    }
  }

  /** The card came into view: makes the link, once. */
  show(): void {
    if (this.state.phase === 'idle') void this.#create()
  }

  retry(relay?: string): void {
    if (this.state.phase === 'error') void this.#create(relay)
  }

  /** Gives up waiting for the relay; what the relay may hold is cleaned up by the core. */
  cancel(): void {
    this.#abort?.abort()
  }

  /** Keeps the present link as a pending row and begins another one. */
  async makeAnother(): Promise<void> {
    if (this.state.phase === 'creating') return
    await this.saveName()
    this.#once = this.#newId()
    this.#savedName = ''
    this.#rowId = null
    this.set(EMPTY)
    await this.#create()
  }

  setName(name: string): void {
    this.update({ name })
    clearTimeout(this.#saveTimer)
    this.#saveTimer = setTimeout(() => void this.saveName(), SAVE_NAME_MS)
  }

  /** Writes the typed name to the row now; calls in a row keep their order. */
  saveName(): Promise<void> {
    clearTimeout(this.#saveTimer)
    const { connectionId } = this.state
    const name = this.state.name.trim()
    if (connectionId === null || name === this.#savedName) return this.#saving
    const before = this.#savedName
    this.#savedName = name
    this.#saving = this.#saving.then(async () => {
      try {
        await this.#host.call('connection.setName', { connectionId, name: name || null })
      } catch {
        if (this.#savedName === name) this.#savedName = before
      }
    })
    return this.#saving
  }

  async copy(): Promise<void> {
    const { link } = this.state
    if (link === null) return
    await this.#host.copyText(link)
    this.update({ copies: this.state.copies + 1 })
    await this.markShared()
  }

  /** Copied, enlarged or handed over in another way: from now on closing the card asks nothing. */
  async markShared(): Promise<void> {
    const { connectionId, phase } = this.state
    if (connectionId === null || phase !== 'unused') return
    this.update({ phase: 'shared' })
    await this.#host.call('connection.markShared', { connectionId }).catch(() => {})
  }

  async deleteLink(): Promise<void> {
    const { connectionId } = this.state
    if (connectionId === null) return
    await this.#host.call('connection.delete', { connectionId })
    this.update({ phase: 'deleted', link: null })
  }

  async #create(relay?: string): Promise<void> {
    const abort = new AbortController()
    this.#abort = abort
    const name = this.state.name.trim()
    this.update({ phase: 'creating', error: null, slow: false, relay: relay ?? null })
    const slow = setTimeout(() => this.update({ slow: true }), SLOW_MS)
    try {
      const made = await this.#host.call(
        'invitation.create',
        { ...(name && { name }), ...(relay !== undefined && { relay }), once: this.#once },
        abort.signal,
      )
      this.#savedName = name
      this.update({ phase: 'unused', link: made.link, connectionId: made.connectionId, error: null })
      await this.saveName()
      await this.#catchUp(made.connectionId)
    } catch (error) {
      const failure = toFailure(error)
      this.update({ phase: 'error', error: failure, relay: failure.details?.address ?? relay ?? null })
      if (isCancelled(error)) this.update({ relay: relay ?? null })
    } finally {
      clearTimeout(slow)
      this.update({ slow: false })
    }
  }

  /** What happened to the row before its id was known here. */
  async #catchUp(connectionId: string): Promise<void> {
    try {
      const connection = await this.#host.call('connection.get', { connectionId })
      if (this.state.connectionId === connectionId) this.#follow(connection)
    } catch {
      // the events that follow say the same
    }
  }

  #onEvent(event: ContractEvent): void {
    const { connectionId } = this.state
    if (event.event === 'contact.connected' && event.data.rowId === this.#rowId) {
      this.update({ phase: 'connected', contactId: event.data.contactId, link: null })
    }
    if (event.event === 'connection.updated' && event.data.connectionId === connectionId)
      this.#follow(event.data)
    if (event.event === 'connection.removed' && event.data.connectionId === connectionId) {
      // a row that has become a contact is gone from the list, not deleted
      if (this.state.contactId === null) this.update({ phase: 'deleted', link: null })
    }
  }

  #follow(connection: Connection): void {
    if (this.state.phase === 'deleted') return
    this.#rowId = connection.rowId
    const phase = cardPhase(connection, this.state.phase)
    this.update({
      phase,
      contactId: connection.contactId,
      relay: connection.relay,
      error: connection.error,
      link: phase === 'unused' || phase === 'shared' ? (connection.link ?? this.state.link) : null,
    })
  }
}

/** What the card shows for a row; a link that was shared here never goes back to unused. */
function cardPhase(connection: Connection, before: CardPhase): CardPhase {
  if (connection.status === 'connected') return 'connected'
  if (connection.status === 'failed') return 'failed'
  if (connection.status === 'connecting') return 'connecting'
  return connection.phase === 'shared' || before === 'shared' ? 'shared' : 'unused'
}
