import type { Connection, ContractError, ContractEvent } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { isCancelled, toFailure } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'
import { anotherName, asParams, INCOGNITO, NOBODY, whoICanBe, type Appearing } from '../identity/index.ts'
import { expiryOf, type WorksFor } from './works-for.ts'

/**
 * One invitation card: the life of one one-time link as its maker sees it.
 *
 *   idle -> creating -> unused -> shared -> opened -> connecting -> connected
 *              |  ^        \_________________________/    |
 *              v  | retry     deleted, expired            failed
 *            error
 *
 * Whatever happens in between (a double click, Retry, another relay), one `once` makes at most one link.
 */
export type CardPhase =
  | 'idle'
  | 'creating'
  | 'error'
  | 'unused'
  | 'shared'
  | 'opened'
  | 'connecting'
  | 'connected'
  | 'expired'
  | 'failed'
  | 'deleted'

export interface InvitationState {
  phase: CardPhase
  /** What the person typed under *For*; saved as the connection's private name. */
  name: string
  link: string | null
  fullLink: string | null
  connectionId: string | null
  contactId: string | null
  /** The relay that holds the link, or the one that did not answer. */
  relay: string | null
  error: ContractError | null
  /** Who can use the link, and whether it still leads to the relay of this computer. */
  reach: Connection['reach']
  stale: Connection['stale']
  /** True once a wait is so long that it needs a reason. */
  slow: boolean
  /** As whom the link shows me; can be changed while nobody has opened it. */
  appearing: Appearing
  /** Why it could not be changed, or what else went wrong beside the link itself. */
  changeError: ContractError | null
  worksFor: WorksFor
  /** Opened ten minutes ago, and nobody has come (INV-13). */
  openedAlarm: boolean
  /** Deleted while somebody was connecting by it: they may go on waiting (INV-7). */
  peerMayWait: boolean
  /** Counts successful copies, so that each one is announced. */
  copies: number
}

const EMPTY: InvitationState = {
  phase: 'idle',
  name: '',
  link: null,
  fullLink: null,
  appearing: NOBODY,
  changeError: null,
  worksFor: 'relay',
  openedAlarm: false,
  connectionId: null,
  contactId: null,
  relay: null,
  error: null,
  reach: null,
  stale: null,
  slow: false,
  peerMayWait: false,
  copies: 0,
}

const SLOW_MS = 10_000 // flows 0: every wait over 10 s gains a reason
const LOOK_MS = 60_000 // api.md, connection.get: the relay is asked at most once a minute
const SAVE_NAME_MS = 400 // long enough for a word to be finished, short enough to be kept when the power goes

type Port = Pick<Host, 'call' | 'onEvent' | 'copyText'>

export class InvitationModel extends ViewModel<InvitationState> {
  readonly #host: Port
  readonly #newId: () => string
  #once: string
  #abort: AbortController | null = null
  #savedName = ''
  /** Settles when the link that is being made is there, or is not. */
  #made: Promise<void> = Promise.resolve()
  #saving: Promise<void> = Promise.resolve()
  #saveTimer: ReturnType<typeof setTimeout> | undefined
  /** Names the row through its whole life, also when it has become a contact. */
  #rowId: string | null = null
  /** The profile that the link belongs to. */
  #ownerId: string | null = null

  constructor(host: Port, newId: () => string = () => crypto.randomUUID()) {
    super(EMPTY)
    this.#host = host
    this.#newId = newId
    this.#once = newId()
  }

  /** Follows the row until the returned function is called; a name still being typed is then saved. */
  attach(): () => void {
    const forget = this.#host.onEvent((event) => this.#onEvent(event))
    const look = setInterval(() => this.#look(), LOOK_MS)
    return () => {
      clearInterval(look)
      void this.saveName()
      forget()
    }
  }

  /** As whom the link will show me, before the card is looked at. Asks no relay. */
  async prepare(): Promise<void> {
    if (this.state.appearing.chosen !== null) return
    try {
      const appearing = await whoICanBe(this.#host, null)
      if (this.state.appearing.chosen === null) this.update({ appearing })
    } catch {
      // the core says why at the creation
    }
  }

  /** The card was looked at: makes the link, once. */
  show(): void {
    if (this.state.phase === 'idle') void this.#begin()
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
    await this.#begin()
  }

  /** A new link in place of one that is over: the same name, identity and time (INV-9, INV-13). */
  async makeAgain(): Promise<void> {
    const { name, appearing, worksFor, connectionId, phase } = this.state
    if (phase === 'creating') return
    if (connectionId !== null) await this.#host.call('connection.delete', { connectionId }).catch(() => {})
    this.#once = this.#newId()
    this.#savedName = ''
    this.#rowId = null
    this.set({ ...EMPTY, name, appearing, worksFor })
    if (appearing.chosen === INCOGNITO) await this.#anotherName()
    await this.#create()
  }

  /** *Show as*: a `profileId` or `INCOGNITO`. The link that is out already is changed, or made anew by the core. */
  async appearAs(choice: string): Promise<void> {
    const { appearing } = this.state
    if (choice === appearing.chosen) return
    this.update({ appearing: { ...appearing, chosen: choice }, changeError: null })
    // the relay may be making a link that shows who was chosen before
    await this.#made
    const { connectionId } = this.state
    if (connectionId === null || this.state.appearing.chosen !== choice) return
    await this.#change(async () => {
      const { incognito, profiles } = appearing
      if (choice === INCOGNITO) {
        const { incognitoId } = incognito ?? {}
        return this.#host.call('connection.setIncognito', {
          connectionId,
          incognito: true,
          ...(incognitoId !== undefined && incognitoId !== '' && { incognitoId }),
        })
      }
      const owner = this.#ownerId ?? profiles.find((one) => one.active)?.profileId
      if (choice === owner) {
        return this.#host.call('connection.setIncognito', { connectionId, incognito: false })
      }
      return this.#host.call('connection.setProfile', { connectionId, profileId: choice })
    }, appearing.chosen)
    // the name is spent, the next choice of Incognito shows another
    if (choice !== INCOGNITO && appearing.chosen === INCOGNITO) await this.#anotherName()
  }

  async worksFor(worksFor: WorksFor): Promise<void> {
    const { connectionId, worksFor: before } = this.state
    if (worksFor === before) return
    this.update({ worksFor, changeError: null })
    if (connectionId === null) return
    try {
      await this.#host.call('connection.setExpiry', { connectionId, expiresAt: expiryOf(worksFor) })
    } catch (thrown) {
      this.update({ worksFor: before, changeError: toFailure(thrown) })
    }
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
    const { peerMayWait } = await this.#host.call('connection.delete', { connectionId })
    this.update({ phase: 'deleted', link: null, peerMayWait })
  }

  async #begin(): Promise<void> {
    this.update({ phase: 'creating' })
    await this.prepare()
    await this.#create()
  }

  async #anotherName(): Promise<void> {
    const incognito = await anotherName(this.#host)
    this.update({ appearing: { ...this.state.appearing, incognito } })
  }

  async #change(change: () => Promise<Connection>, before: string | null): Promise<void> {
    try {
      this.#follow(await change())
    } catch (thrown) {
      const { appearing } = this.state
      this.update({ appearing: { ...appearing, chosen: before }, changeError: toFailure(thrown) })
    }
  }

  /** Was it opened? The row says so itself; asking makes the core ask the relay. */
  #look(): void {
    const { connectionId, phase } = this.state
    if (connectionId !== null && (phase === 'unused' || phase === 'shared' || phase === 'opened'))
      void this.#catchUp(connectionId)
  }

  #create(relay?: string): Promise<void> {
    this.#made = this.#makeLink(relay)
    return this.#made
  }

  async #makeLink(relay?: string): Promise<void> {
    const abort = new AbortController()
    this.#abort = abort
    const name = this.state.name.trim()
    this.update({ phase: 'creating', error: null, slow: false, relay: relay ?? null })
    const slow = setTimeout(() => this.update({ slow: true }), SLOW_MS)
    try {
      const made = await this.#host.call(
        'invitation.create',
        {
          ...(name && { name }),
          ...(relay !== undefined && { relay }),
          ...asParams(this.state.appearing),
          ...(this.state.worksFor !== 'relay' && { expiresAt: expiryOf(this.state.worksFor) }),
          once: this.#once,
        },
        abort.signal,
      )
      this.#savedName = name
      this.update({
        phase: 'unused',
        link: made.link,
        fullLink: made.fullLink,
        connectionId: made.connectionId,
        error: null,
      })
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
    this.#ownerId = connection.profileId
    const { incognitoProfile } = connection
    const { appearing } = this.state
    if (incognitoProfile && appearing.incognito?.profile.displayName !== incognitoProfile.displayName)
      this.update({
        appearing: { ...appearing, incognito: { incognitoId: '', profile: incognitoProfile } },
      })
    const phase = cardPhase(connection, this.state.phase)
    this.update({
      phase,
      contactId: connection.contactId,
      relay: connection.relay,
      error: connection.error,
      openedAlarm: connection.openedAlarm,
      reach: connection.reach,
      stale: connection.stale,
      fullLink: connection.fullLink ?? this.state.fullLink,
      link: phase === 'unused' || phase === 'shared' ? (connection.link ?? this.state.link) : null,
    })
  }
}

/** What the card shows for a row; a link that was shared here never goes back to unused. */
function cardPhase(connection: Connection, before: CardPhase): CardPhase {
  if (connection.status === 'connected') return 'connected'
  if (connection.phase === 'expired') return 'expired'
  if (connection.status === 'failed') return 'failed'
  if (connection.status === 'connecting') return 'connecting'
  if (connection.phase === 'opened') return 'opened'
  return connection.phase === 'shared' || before === 'shared' ? 'shared' : 'unused'
}
