import type { ContractError, RelayChoice, RelayEntry, RelayLine } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { toFailure } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'
import type { TestRuns } from '../../state/relays.ts'
import { addRelays, ownRelays, runTest, withRun } from '../../state/relays.ts'

export interface NetworkState {
  tests: TestRuns
  /** A change is on its way; the controls wait for it. */
  busy: boolean
  /** The last change that was refused. */
  error: ContractError | null
  /** The form that adds servers, while it is open. */
  adding: { text: string; wrong: readonly RelayLine[]; empty: boolean; error: ContractError | null } | null
}

/** What the Network panel does. The lists themselves are in the store; every change here ends in reading them again. */
export class NetworkModel extends ViewModel<NetworkState> {
  readonly #host: Pick<Host, 'call'>
  readonly #reload: () => Promise<void>
  readonly #newId: () => string
  /** *My own relays* was chosen while there was none: the choice follows the first server. */
  #choiceFollows = false

  constructor(
    host: Pick<Host, 'call'>,
    reload: () => Promise<void>,
    newId: () => string = () => crypto.randomUUID(),
  ) {
    super({ tests: new Map(), busy: false, error: null, adding: null })
    this.#host = host
    this.#reload = reload
    this.#newId = newId
  }

  async choose(choice: RelayChoice, relays: readonly RelayEntry[]): Promise<void> {
    if (choice === 'own' && ownRelays(relays).length === 0) {
      this.#choiceFollows = true
      this.openForm()
      return
    }
    await this.#change(() => this.#host.call('network.update', { choice }))
  }

  setEmbedded(on: boolean): Promise<void> {
    return this.#change(() => this.#host.call('network.update', { embedded: { on } }))
  }

  /** From the local network, or from this computer alone. The internet is no choice yet: nobody told us our name there. */
  setReach(local: boolean): Promise<void> {
    const reachableFrom = local ? 'local-network' : 'this-computer'
    return this.#change(() => this.#host.call('network.update', { embedded: { reachableFrom } }))
  }

  setEnabled(address: string, enabled: boolean): Promise<void> {
    return this.#change(() => this.#host.call('relay.setEnabled', { address, enabled }))
  }

  remove(address: string): Promise<void> {
    return this.#change(() => this.#host.call('relay.remove', { address }))
  }

  retry(): Promise<void> {
    return this.#change(() => this.#host.call('network.retry', {}))
  }

  async test(address: string): Promise<void> {
    if (this.state.tests.get(address)?.tag === 'running') return
    await runTest(this.#host, address, (one, run) =>
      this.update({ tests: withRun(this.state.tests, one, run) }),
    )
  }

  /** The form was opened by a choice that waits for its first server. */
  get choiceFollows(): boolean {
    return this.#choiceFollows
  }

  openForm(): void {
    this.update({ adding: { text: '', wrong: [], empty: false, error: null } })
  }

  closeForm(): void {
    this.#choiceFollows = false
    this.update({ adding: null })
  }

  setText(text: string): void {
    if (this.state.adding) this.update({ adding: { text, wrong: [], empty: false, error: null } })
  }

  /** Adds every line of the form, or none: one that cannot be read keeps the form open. */
  async add(): Promise<void> {
    const { adding, busy } = this.state
    if (!adding || busy) return
    this.update({ busy: true })
    try {
      const lines = await this.#host.call('relay.parse', { text: adding.text })
      const wrong = lines.filter((line) => line.error !== null)
      const addresses = lines.flatMap((line) => line.address ?? [])
      if (wrong.length > 0 || addresses.length === 0) {
        this.update({ adding: { ...adding, wrong, empty: lines.length === 0, error: null } })
        return
      }
      await addRelays(this.#host, addresses, this.#newId)
      if (this.#choiceFollows) await this.#host.call('network.update', { choice: 'own' })
      this.#choiceFollows = false
      this.update({ adding: null })
    } catch (error) {
      this.update({ adding: { ...adding, error: toFailure(error) } })
    } finally {
      await this.#reload().catch(() => undefined)
      this.update({ busy: false })
    }
  }

  async #change(run: () => Promise<unknown>): Promise<void> {
    if (this.state.busy) return
    this.update({ busy: true, error: null })
    try {
      await run()
    } catch (error) {
      this.update({ error: toFailure(error) })
    } finally {
      await this.#reload().catch(() => undefined)
      this.update({ busy: false })
    }
  }
}
