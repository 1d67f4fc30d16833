import type { ContractError, Plan, PlanWarning, ProfileEntry } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { isCancelled, toFailure } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'
import { anotherName, asParams, INCOGNITO, NOBODY, whoICanBe, type Appearing } from '../identity/index.ts'
import { alertOf, alertOfPlan, type Alert } from './alerts.ts'

export type ConnectState =
  /** From outside, with several profiles here, or an own link: nothing is fetched before it is known for which (LND-7). */
  | { tag: 'whose'; why: 'outside' | 'own'; profiles: readonly ProfileEntry[] }
  /** To be asked: a relay that is in no list here, which would learn of this computer. */
  | { tag: 'relay'; address: string; warnings: readonly PlanWarning[] }
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
  /** Whose own link it is, where that is known: everybody else here may use it. */
  #owner: string | null = null
  /** The person agreed to ask a relay that is in no list here. */
  #askUnknown = false
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

  /** Plan O: as somebody else of this installation. */
  asAnother(): void {
    if (this.state.tag !== 'alert' || this.state.alert.plan !== 'O') return
    const [only, ...more] = this.state.alert.others
    if (only === undefined) return
    if (more.length > 0) return this.set({ tag: 'whose', why: 'own', profiles: [only, ...more] })
    this.#profileId = only.profileId
    void this.#check()
  }

  /** The relay may be asked, whoever runs it. */
  askRelay(): void {
    if (this.state.tag !== 'relay') return
    this.#askUnknown = true
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
    if (this.outside || mayBeRandom(this.#confirm.plan)) this.#holdBack(this.#confirm)
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
      return () =>
        profiles.length > 1 ? this.set({ tag: 'whose', why: 'outside', profiles }) : void this.#check()
    })
  }

  /** The profile that was chosen, as params have it. */
  get #whose(): { profileId?: string } {
    return this.#profileId === null ? {} : { profileId: this.#profileId }
  }

  /** Whose a connection will be; `null` is the active one. Who is named is meant, whoever looked at the link. */
  #belongsTo({ profiles, chosen }: Appearing): string | null {
    const profileId = chosen === null || chosen === INCOGNITO ? this.#profileId : chosen
    return profiles.find((one) => one.profileId === profileId)?.active === true ? null : profileId
  }

  #choose(change: Partial<Appearing>): void {
    if (this.state.tag !== 'confirm' || this.state.busy || !this.#confirm) return
    const appearing = { ...this.#confirm.appearing, ...change }
    this.#confirm = { ...this.#confirm, appearing }
    this.set({ ...this.state, appearing })
  }

  async #appearing(signal: AbortSignal): Promise<Appearing> {
    const appearing = await whoICanBe(this.#host, this.#profileId, signal)
    return { ...appearing, profiles: appearing.profiles.filter((one) => one.profileId !== this.#owner) }
  }

  /** Notes whose link it is; answers who else there is. */
  #others(profiles: readonly ProfileEntry[], isOwn: boolean, asker: string | null): ProfileEntry[] {
    if (isOwn) this.#owner = asker ?? profiles.find((one) => one.active)?.profileId ?? null
    return profiles.filter((one) => one.profileId !== this.#owner)
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
        this.#host.call(
          'connection.plan',
          { link: this.text, ...this.#whose, ...(!this.#askUnknown && { askUnknownRelay: true }) },
          signal,
        ),
        this.#appearing(signal),
      ])
      return () => this.#planned(plan, appearing)
    })
  }

  /**
   * Guard (flows 8): to what came from outside, and to who may not show themselves, nobody is answered as until the person
   * has said as whom.
   */
  #planned(plan: Plan, found: Appearing): void {
    const others = this.#others(found.profiles, plan.status === 'own', this.#profileId)
    const alert = alertOfPlan(plan, others)
    if (alert) return this.#alert(alert)
    if (found.profiles.length === 0) return this.#alert({ plan: 'X', error: noProfile, during: 'check' })
    const guarded = this.#profileId === null && (this.outside || mayBeRandom(plan))
    const appearing = guarded ? { ...found, chosen: null } : found
    this.#confirm = { plan, appearing }
    this.set({ tag: 'confirm', plan, appearing, busy: false, slow: false })
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
        this.#planned({ ...unseen, ...one.link, link: one.text, knownRelay: !this.#askUnknown }, appearing)
      }
    })
  }

  async #connect(confirm: Confirm): Promise<void> {
    this.set({ tag: 'confirm', ...confirm, busy: true, slow: false })
    const name = this.#name.trim()
    const message = confirm.plan.kind === 'address' ? this.#message.trim() : ''
    const profileId = this.#belongsTo(confirm.appearing)
    await this.#wait('connect', async (signal) => {
      const made = await this.#host.call(
        'connection.connect',
        {
          link: confirm.plan.link,
          ...(name && { name }),
          ...(message && { message }),
          ...(this.#whenOnline && { whenOnline: true }),
          ...asParams(confirm.appearing),
          ...(profileId !== null && { profileId }),
          once: this.#once,
        },
        signal,
      )
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
    if (isCancelled(thrown)) return this.#close({ type: 'cancelled' })
    const error = toFailure(thrown)
    if (error.code === 'RELAY_UNKNOWN') {
      const { address = '', warnings = [] } = error.details ?? {}
      return this.set({ tag: 'relay', address, warnings })
    }
    const { plan, appearing = NOBODY } = this.#confirm ?? {}
    const others = this.#others(appearing.profiles, error.code === 'LINK_OWN', this.#belongsTo(appearing))
    this.#alert(alertOf(error, { during, link: plan?.link ?? this.text, others }))
  }

  #alert(alert: Alert): void {
    this.set({ tag: 'alert', alert })
  }

  #close(result: ConnectResult): void {
    if (this.state.tag !== 'closed') this.set({ tag: 'closed', result })
  }
}

/** What the check cannot know of a link whose relay is away. */
const unseen = {
  status: 'new',
  preview: null,
  knownRelay: true,
  requestedAt: null,
  warnings: [],
} satisfies Partial<Plan>

const noProfile: ContractError = { code: 'NO_PROFILE', message: '', details: { retryable: false } }

const mayBeRandom = ({ preview }: Plan): boolean => preview?.looksRandom === true
