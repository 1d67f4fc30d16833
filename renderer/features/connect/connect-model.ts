import type { ContractError, LooksLike, Plan, ProfileEntry } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { isCancelled, toFailure } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'
import { anotherName, asParams, whoICanBe, type Appearing } from '../identity/index.ts'

/** Why no connection comes of a link. The letters are the rows of the table of plans (flows 7). */
export type Alert =
  | { plan: 'O' | 'C' | 'K'; connectionId: string | null; contactId: string | null; addressId?: string }
  /** Asked already through this address; asking again is possible where the link was checked. */
  | {
      plan: 'R'
      connectionId: string | null
      contactId: string | null
      requestedAt: string | null
      link: string
    }
  | { plan: 'P'; reason: 'paused' | 'gone' }
  | { plan: 'U' }
  | { plan: 'V' }
  | { plan: 'I'; looksLike: LooksLike }
  | {
      plan: 'N'
      reason: 'unreachable' | 'identity' | 'refused'
      error: ContractError
      during: 'check' | 'connect'
    }
  /** Anything else: the sentence of the core, with a next step. */
  | { plan: 'X'; error: ContractError; during: 'check' | 'connect' }

export type ConnectState =
  /** From outside, with several profiles here: nothing is fetched before it is known for which (LND-7). */
  | { tag: 'whose'; profiles: readonly ProfileEntry[] }
  | { tag: 'checking'; slow: boolean }
  | { tag: 'confirm'; plan: Plan; appearing: Appearing; busy: boolean; slow: boolean }
  /** Decided, and for some seconds more nothing is sent: it can be taken back. */
  | { tag: 'held'; plan: Plan; appearing: Appearing; seconds: number }
  | { tag: 'alert'; alert: Alert }
  | { tag: 'closed'; result: ConnectResult }

/** What became of a link that was pasted. `open` leads to what exists already; nothing was sent for it. */
export type ConnectResult =
  | { type: 'cancelled' }
  | {
      type: 'open'
      plan: 'O' | 'C' | 'K' | 'R'
      connectionId: string | null
      contactId: string | null
      profileId: string | null
    }
  /** An own address: its screen is its card. */
  | { type: 'address'; addressId: string }
  | { type: 'connected'; connectionId: string; contactId: string | null; profileId: string | null }

interface Confirm {
  readonly plan: Plan
  readonly appearing: Appearing
}

const SLOW_MS = 10_000 // flows 0: every wait over 10 s gains a reason
const UNDO_SECONDS = 5 // flows 8, Guard

type Port = Pick<Host, 'call'>

/** Checks one link, asks the person, connects. Nothing but the check leaves before `connect`. */
export class ConnectModel extends ViewModel<ConnectState> {
  readonly text: string
  /** The link came from the system, perhaps from a web page: a decision can be undone for some seconds. */
  readonly outside: boolean
  readonly #host: Port
  /** One for the whole dialog: a double click or Retry makes one connection. */
  readonly #once: string
  #name = ''
  #message = ''
  #abort: AbortController | null = null
  #confirm: Confirm | null = null
  /** Chosen before the check; `null` is the active one. */
  #profileId: string | null = null
  /** The relay does not answer now: the link is kept and tried again by itself. */
  #whenOnline = false
  #hold: ReturnType<typeof setInterval> | undefined

  constructor(host: Port, text: string, options: { outside?: boolean; newId?: () => string } = {}) {
    super({ tag: 'checking', slow: false })
    this.#host = host
    this.text = text
    this.outside = options.outside ?? false
    this.#once = (options.newId ?? (() => crypto.randomUUID()))()
  }

  /** The private name; kept here so that it outlives an alert that offers Retry. */
  get name(): string {
    return this.#name
  }

  setName(name: string): void {
    this.#name = name
  }

  /** The words that go with a request at an address. */
  get message(): string {
    return this.#message
  }

  setMessage(message: string): void {
    this.#message = message
  }

  start(): void {
    if (this.#abort !== null || this.state.tag !== 'checking') return
    if (this.outside) void this.#askWhose()
    else void this.#check()
  }

  /** For whom of this installation the link is. */
  choose(profileId: string): void {
    if (this.state.tag !== 'whose') return
    this.#profileId = profileId
    void this.#check()
  }

  retry(): void {
    if (this.state.tag !== 'alert') return
    const { alert } = this.state
    if (alert.plan !== 'N' && alert.plan !== 'X') return
    if (alert.during === 'check' || this.#confirm === null) void this.#check()
    else void this.#connect(this.#confirm)
  }

  /** As whom to connect: a `profileId`, or `INCOGNITO`. */
  appearAs(choice: string): void {
    this.#choose({ chosen: choice })
  }

  /** Another random name in place of the one shown. */
  async anotherName(): Promise<void> {
    const incognito = await anotherName(this.#host)
    if (incognito) this.#choose({ incognito })
  }

  /**
   * Plan N: keeps the link until its relay answers. Where nothing was confirmed yet, that comes first: nobody appears
   * anywhere without having chosen to.
   */
  tryWhenOnline(): void {
    if (this.state.tag !== 'alert' || this.state.alert.plan !== 'N') return
    this.#whenOnline = true
    if (this.state.alert.during === 'connect' && this.#confirm !== null) void this.#connect(this.#confirm)
    else void this.#confirmUnseen()
  }

  connect(): void {
    if (this.state.tag !== 'confirm' || this.state.busy || !this.#confirm) return
    if (this.#confirm.appearing.chosen === null) return
    if (this.outside) this.#holdBack(this.#confirm)
    else void this.#connect(this.#confirm)
  }

  /** Takes the decision back while nothing has been sent. */
  undo(): void {
    if (this.state.tag !== 'held') return
    clearInterval(this.#hold)
    const { plan, appearing } = this.state
    this.set({ tag: 'confirm', plan, appearing, busy: false, slow: false })
  }

  /** Ends the flow; an answer that comes later shows nothing (PLN-3). */
  cancel(): void {
    clearInterval(this.#hold)
    this.#abort?.abort()
    this.#close({ type: 'cancelled' })
  }

  /** Plan R: the same request once more. */
  askAgain(): void {
    if (this.state.tag === 'alert' && this.state.alert.plan === 'R') void this.#again(this.state.alert.link)
  }

  /** Leads to what the link already is here. */
  open(): void {
    if (this.state.tag !== 'alert') return
    const { alert } = this.state
    if (alert.plan !== 'O' && alert.plan !== 'C' && alert.plan !== 'K' && alert.plan !== 'R') return
    if (alert.plan === 'O' && alert.addressId !== undefined) {
      this.#close({ type: 'address', addressId: alert.addressId })
      return
    }
    this.#close({
      type: 'open',
      plan: alert.plan,
      connectionId: alert.connectionId,
      contactId: alert.contactId,
      profileId: this.#profileId,
    })
  }

  async #askWhose(): Promise<void> {
    await this.#wait('check', async (signal) => {
      const profiles = await this.#host.call('profile.list', {}, signal)
      return () => (profiles.length > 1 ? this.set({ tag: 'whose', profiles }) : void this.#check())
    })
  }

  /** The profile that was chosen, as params have it. */
  get #whose(): { profileId?: string } {
    return this.#profileId === null ? {} : { profileId: this.#profileId }
  }

  #choose(change: Partial<Appearing>): void {
    if (this.state.tag !== 'confirm' || this.state.busy || !this.#confirm) return
    const appearing = { ...this.#confirm.appearing, ...change }
    this.#confirm = { ...this.#confirm, appearing }
    this.set({ ...this.state, appearing })
  }

  /** Guard (flows 8): what came from outside is answered as nobody until the person has said as whom. */
  async #appearing(signal: AbortSignal): Promise<Appearing> {
    const appearing = await whoICanBe(this.#host, this.#profileId, signal)
    return this.outside && this.#profileId === null ? { ...appearing, chosen: null } : appearing
  }

  #holdBack(confirm: Confirm): void {
    this.set({ tag: 'held', ...confirm, seconds: UNDO_SECONDS })
    this.#hold = setInterval(() => {
      if (this.state.tag !== 'held') return clearInterval(this.#hold)
      const seconds = this.state.seconds - 1
      if (seconds > 0) return this.set({ ...this.state, seconds })
      clearInterval(this.#hold)
      void this.#connect(confirm)
    }, 1_000)
  }

  async #check(): Promise<void> {
    this.set({ tag: 'checking', slow: false })
    await this.#wait('check', async (signal) => {
      const [plan, appearing] = await Promise.all([
        this.#host.call('connection.plan', { link: this.text, ...this.#whose }, signal),
        this.#appearing(signal),
      ])
      return () => this.#planned(plan, appearing)
    })
  }

  #planned(plan: Plan, appearing: Appearing): void {
    const ids = { connectionId: plan.connectionId ?? null, contactId: plan.contactId ?? null }
    const { addressId, requestedAt, link } = plan
    if (plan.status === 'own')
      this.#alert({ plan: 'O', ...ids, ...(addressId !== undefined && { addressId }) })
    else if (plan.status === 'connecting') this.#alert({ plan: 'C', ...ids })
    else if (plan.status === 'known') this.#alert({ plan: 'K', ...ids })
    else if (plan.status === 'used') this.#alert({ plan: 'U' })
    else if (plan.status === 'requested') this.#alert({ plan: 'R', ...ids, requestedAt, link })
    else if (plan.status === 'paused' || plan.status === 'gone')
      this.#alert({ plan: 'P', reason: plan.status })
    else if (appearing.profiles.length === 0) this.#alert({ plan: 'X', error: noProfile, during: 'check' })
    else {
      this.#confirm = { plan, appearing }
      this.set({ tag: 'confirm', plan, appearing, busy: false, slow: false })
    }
  }

  /** The confirmation of a link of which only its own text is known. */
  async #confirmUnseen(): Promise<void> {
    this.set({ tag: 'checking', slow: false })
    await this.#wait('check', async (signal) => {
      const [found, appearing] = await Promise.all([
        this.#host.call('link.parse', { text: this.text }, signal),
        this.#appearing(signal),
      ])
      const one = found.find((each) => each.kind === 'link')
      return () => {
        if (!one?.link || appearing.profiles.length === 0)
          return this.#alert({ plan: 'I', looksLike: 'text' })
        this.#planned({ ...unseen, ...one.link, link: one.text }, appearing)
      }
    })
  }

  async #connect(confirm: Confirm): Promise<void> {
    this.set({ tag: 'confirm', ...confirm, busy: true, slow: false })
    const name = this.#name.trim()
    const message = confirm.plan.kind === 'address' ? this.#message.trim() : ''
    const as = asParams(confirm.appearing)
    await this.#wait('connect', async (signal) => {
      const made = await this.#host.call(
        'connection.connect',
        {
          link: confirm.plan.link,
          ...(name && { name }),
          ...(message && { message }),
          ...this.#whose,
          ...(this.#whenOnline && { whenOnline: true }),
          ...as,
          once: this.#once,
        },
        signal,
      )
      const profileId = as.profileId ?? this.#profileId
      return () => this.#close({ type: 'connected', ...made, profileId })
    })
  }

  async #again(link: string): Promise<void> {
    this.set({ tag: 'checking', slow: false })
    await this.#wait('check', async (signal) => {
      const made = await this.#host.call('connection.connect', { link, again: true, ...this.#whose }, signal)
      return () => this.#close({ type: 'connected', ...made, profileId: this.#profileId })
    })
  }

  /** Runs one call; an aborted one has no effect any more, whatever it answers. */
  async #wait(during: 'check' | 'connect', run: (signal: AbortSignal) => Promise<() => void>): Promise<void> {
    const abort = new AbortController()
    this.#abort = abort
    const timer = setTimeout(() => this.#slow(), SLOW_MS)
    try {
      const finish = await run(abort.signal)
      if (!abort.signal.aborted) finish()
    } catch (error) {
      if (!abort.signal.aborted) this.#failed(error, during)
    } finally {
      clearTimeout(timer)
    }
  }

  #slow(): void {
    if (this.state.tag === 'checking' || this.state.tag === 'confirm') this.set({ ...this.state, slow: true })
  }

  #failed(thrown: unknown, during: 'check' | 'connect'): void {
    if (isCancelled(thrown)) this.#close({ type: 'cancelled' })
    else this.#alert(alertOf(toFailure(thrown), during, this.#confirm?.plan.link ?? this.text))
  }

  #alert(alert: Alert): void {
    this.set({ tag: 'alert', alert })
  }

  #close(result: ConnectResult): void {
    if (this.state.tag !== 'closed') this.set({ tag: 'closed', result })
  }
}

const unseen = {
  status: 'new',
  preview: null,
  knownRelay: true,
  requestedAt: null,
  warnings: [],
} satisfies Partial<Plan>

const noProfile: ContractError = { code: 'NO_PROFILE', message: '', details: { retryable: false } }

function alertOf(error: ContractError, during: 'check' | 'connect', link: string): Alert {
  const ids = {
    connectionId: error.details?.connectionId ?? null,
    contactId: error.details?.contactId ?? null,
  }
  switch (error.code) {
    case 'LINK_OWN':
      return { plan: 'O', ...ids }
    case 'ALREADY_CONNECTED':
      if (error.details?.requestedAt !== undefined) {
        const { requestedAt } = error.details
        return { plan: 'R', ...ids, requestedAt, link }
      }
      return { plan: ids.contactId === null ? 'C' : 'K', ...ids }
    case 'LINK_USED':
      return { plan: 'U' }
    case 'LINK_GONE':
      return { plan: 'P', reason: 'gone' }
    case 'LINK_PAUSED':
      return { plan: 'P', reason: 'paused' }
    case 'LINK_VERSION':
      return { plan: 'V' }
    case 'LINK_INVALID':
    case 'TOO_LARGE':
      return { plan: 'I', looksLike: error.details?.looksLike ?? 'text' }
    case 'RELAY_UNREACHABLE':
      return { plan: 'N', reason: 'unreachable', error, during }
    case 'RELAY_IDENTITY':
      return { plan: 'N', reason: 'identity', error, during }
    case 'RELAY_AUTH':
    case 'RELAY_QUOTA':
      return { plan: 'N', reason: 'refused', error, during }
    default:
      return { plan: 'X', error, during }
  }
}
