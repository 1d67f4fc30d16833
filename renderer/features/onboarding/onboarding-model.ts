import type { App, ContractError, Network, Profile, RelayChoice, RelayEntry, RelayLine } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { toFailure } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'
import type { TestRuns } from '../../state/relays.ts'
import { addRelays, ownRelays, runTest, withRun } from '../../state/relays.ts'

export type OnboardingScreen = 'welcome' | 'profile' | 'relays'

export interface OnboardingState {
  screen: OnboardingScreen
  name: string
  /** The picture, as a data URI that fits. */
  image: string | undefined
  /** A form of the name that is allowed, when the typed one is not. */
  suggestion: string | null
  nameError: ContractError | null
  choice: RelayChoice
  /** With *This computer*: whether the local network reaches it. */
  lan: boolean
  /** The text of *My own relays*, one address a line. */
  servers: string
  /** How its lines were read, from the last check until the text changes. */
  lines: readonly RelayLine[]
  /** *Continue* was pressed with no address in the field. */
  noServer: boolean
  tests: TestRuns
  relayError: ContractError | null
  busy: boolean
}

/** What the window knows when onboarding opens; a restart resumes from it (ONB-7). */
export interface Known {
  profile: Profile | null
  network: Network | null
  relays: readonly RelayEntry[]
}

export interface Outcome {
  setApp(app: App): void
  setProfile(profile: Profile): void
  reloadRelays(): Promise<void>
}

export class OnboardingModel extends ViewModel<OnboardingState> {
  readonly #host: Pick<Host, 'call'>
  readonly #outcome: Outcome
  readonly #newId: () => string
  readonly #wasOpen: boolean
  #profile: Profile | null

  constructor(
    host: Pick<Host, 'call'>,
    known: Known,
    outcome: Outcome,
    newId: () => string = () => crypto.randomUUID(),
  ) {
    const servers = ownRelays(known.relays).flatMap((relay) => (relay.enabled ? [relay.address] : []))
    const { network } = known
    super({
      screen: known.profile === null ? 'welcome' : 'relays',
      name: '',
      image: undefined,
      suggestion: null,
      nameError: null,
      // what others can reach comes first, unless something is chosen or in use already
      choice: network?.chosen === true ? network.choice : 'preset',
      lan: isOpenToNetwork(network),
      servers: servers.join('\n'),
      lines: [],
      noServer: false,
      tests: new Map(),
      relayError: null,
      busy: false,
    })
    this.#host = host
    this.#outcome = outcome
    this.#newId = newId
    this.#profile = known.profile
    this.#wasOpen = isOpenToNetwork(network)
  }

  begin(): void {
    this.update({ screen: 'profile' })
  }

  back(): void {
    this.update({ screen: 'welcome' })
  }

  /** The profile is made and cannot be unmade from here. */
  get canGoBack(): boolean {
    return this.#profile === null
  }

  setName(name: string): void {
    this.update({ name, suggestion: null, nameError: null })
  }

  setImage(image: string | undefined): void {
    this.update({ image })
  }

  get canCreate(): boolean {
    return this.state.name.trim() !== '' && !this.state.busy
  }

  /** A double click makes one profile (ONB-2): the second finds the first still busy or done. */
  async createProfile(): Promise<void> {
    if (!this.canCreate || this.#profile !== null) return
    this.update({ busy: true, nameError: null, suggestion: null })
    try {
      const profile = await this.#createOrFind(this.state.name.trim())
      this.#profile = profile
      this.#outcome.setApp(await this.#host.call('app.setOnboarding', { step: 'relays' }))
      this.#outcome.setProfile(profile)
      this.update({ screen: 'relays' })
    } catch (error) {
      const failure = toFailure(error)
      this.update({ nameError: failure, suggestion: failure.details?.suggestion ?? null })
    } finally {
      this.update({ busy: false })
    }
  }

  useSuggestion(): void {
    if (this.state.suggestion !== null) this.setName(this.state.suggestion)
  }

  choose(choice: RelayChoice): void {
    this.update({ choice, relayError: null })
  }

  setLan(lan: boolean): void {
    this.update({ lan, relayError: null })
  }

  setServers(servers: string): void {
    this.update({ servers, lines: [], noServer: false, relayError: null, tests: new Map() })
  }

  /** Reads the lines; asks nobody. */
  async readServers(): Promise<readonly RelayLine[]> {
    const { servers } = this.state
    if (servers.trim() === '') return []
    const lines = await this.#host.call('relay.parse', { text: servers })
    if (this.state.servers === servers) this.update({ lines })
    return lines
  }

  async testServers(): Promise<void> {
    if (this.state.busy) return
    try {
      const lines = await this.readServers()
      this.update({ noServer: lines.length === 0 })
      await Promise.all(lines.flatMap((line) => (line.address === null ? [] : [this.#test(line.address)])))
    } catch (error) {
      this.update({ relayError: toFailure(error) })
    }
  }

  /** The relays are confirmed: from here on the app may talk to them. Ends onboarding. */
  async finish(): Promise<void> {
    if (this.state.busy) return
    this.update({ busy: true, relayError: null })
    try {
      if (this.state.choice === 'own' && !(await this.#addServers())) return
      const { choice, lan } = this.state
      const opens = choice === 'embedded' && lan !== this.#wasOpen
      await this.#host.call('network.update', {
        choice,
        ...(opens && { embedded: { reachableFrom: lan ? 'local-network' : 'this-computer' } }),
      })
      await this.#outcome.reloadRelays()
      this.#outcome.setApp(await this.#host.call('app.setOnboarding', { step: 'done' }))
    } catch (error) {
      this.update({ relayError: toFailure(error) })
    } finally {
      this.update({ busy: false })
    }
  }

  /** A profile whose answer was lost is found again instead of being made twice. */
  async #createOrFind(displayName: string): Promise<Profile> {
    try {
      const { image } = this.state
      return await this.#host.call('profile.create', { displayName, ...(image !== undefined && { image }) })
    } catch (error) {
      if (toFailure(error).code !== 'ALREADY_EXISTS') throw error
      const profile = await this.#host.call('profile.get', {})
      if (profile === null) throw error
      return profile
    }
  }

  async #addServers(): Promise<boolean> {
    const lines = await this.readServers()
    this.update({ noServer: lines.length === 0 })
    if (lines.length === 0 || lines.some((line) => line.error !== null)) return false
    await addRelays(
      this.#host,
      lines.flatMap((line) => line.address ?? []),
      this.#newId,
    )
    return true
  }

  #test(address: string): Promise<void> {
    return runTest(this.#host, address, (one, run) =>
      this.update({ tests: withRun(this.state.tests, one, run) }),
    )
  }
}

function isOpenToNetwork(network: Network | null): boolean {
  const reach = network?.embedded.reachableFrom ?? 'this-computer'
  return reach !== 'this-computer'
}
