import { Emitter, type Millis } from '#core/base'
import { ContractFailure, isMethod, parseParams } from '#core/contract'
import type { App, ContractEvent, Events } from '#core/contract'
import { type Core, type CoreDeps, createCore, requireFlag } from './core.ts'
import { HeldLink } from './held-link.ts'
import {
  type Trouble,
  fileIn,
  goneTrouble,
  hasLittleRoom,
  probeFolder,
  troubleFailure,
  troubleOf,
} from './trouble.ts'

export interface InstallationDeps extends Omit<CoreDeps, 'state' | 'onStoreFault'> {
  /** Makes the folder and takes it for this process alone. Throws `AppError` `folder.taken`, or what the system says. */
  readonly claim: () => { release(): void }
}

export interface Installation extends Core {
  /** Null: the folder can be used. */
  readonly trouble: Trouble | null
}

/** How often to look whether the file that is open is still the one in the folder, ms. */
const LOOK_FOR_FILE: Millis = 10_000
/** How long to wait before the folder is looked at again, ms: room is often made at once, and sometimes in a week. */
const LOOK_AGAIN: readonly Millis[] = [2_000, 4_000, 8_000, 15_000, 30_000]

/**
 * A core that answers also where its data folder cannot be used: it says why (`App.state`), refuses what needs the
 * data, changes nothing, and goes on without a restart as soon as it can.
 *
 * A disk that fills up under a running core leaves it readable. What could not be stored was not acknowledged either;
 * when there is room again, the core begins anew on the same folder and asks for all of it.
 * Rejects only for what no later moment changes: a `--relay` that is none, a runtime whose primitives are wrong.
 */
export async function openInstallation(deps: InstallationDeps): Promise<Installation> {
  // Before anything is made.
  for (const flag of deps.relays) requireFlag(flag)
  const installation = new FolderWatch(deps)
  await installation.open()
  return installation
}

class FolderWatch implements Installation {
  readonly #deps: InstallationDeps
  readonly #events = new Emitter<ContractEvent>()
  readonly #heldLink = new HeldLink()
  #claim: { release(): void } | null = null
  #core: Core | null = null
  #trouble: Trouble | null = null
  /** Opening and closing, one after the other. */
  #turn: Promise<void> = Promise.resolve()
  #looks = 0
  #endWait: () => void = () => undefined
  #endLooking: () => void = () => undefined
  #stopped = false

  constructor(deps: InstallationDeps) {
    this.#deps = deps
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  get ready(): Events['app.ready'] {
    const { version } = this.#deps
    return { ...(this.#core?.ready ?? { version, profile: null }), state: this.#state }
  }

  get #holdsLastCopy(): boolean {
    return this.#core !== null && this.#trouble?.cause === 'no-folder'
  }

  get #state(): App['state'] {
    return this.#trouble?.state ?? 'ready'
  }

  onEvent(listener: (event: ContractEvent) => void): () => void {
    return this.#events.on(listener)
  }

  async call(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    await this.#turn
    // A core whose file was taken away has the only copy: it is not let go of.
    if (method === 'app.retry' && this.#trouble !== null && !this.#holdsLastCopy) {
      parseParams(method, params)
      await this.#again()
    }
    if (this.#core !== null) {
      const answer = await this.#core.call(method, params, signal)
      return isApp(method) ? this.#withTrouble(answer as App) : answer
    }
    return this.#withoutData(method, params)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#endWait()
    await this.#next(() => this.#close())
    this.#claim?.release()
    this.#claim = null
  }

  /** Call once; what is wrong with the folder is in `trouble` then. */
  async open(): Promise<void> {
    await this.#next(() => this.#open())
    if (this.#trouble?.state === 'disk-full') this.#lookLater()
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #open(): Promise<void> {
    const { claim, dataDir } = this.#deps
    this.#trouble = null
    try {
      this.#claim ??= claim()
      const core = await createCore({
        ...this.#deps,
        state: () => this.#state,
        onStoreFault: (error) => this.#noticed(error),
      })
      core.onEvent((event) => this.#events.emit(this.#told(event)))
      this.#core = core
      if (hasLittleRoom(dataDir)) this.#trouble = probeFolder(dataDir)
      this.#watchFile()
    } catch (error) {
      this.#trouble = troubleOf(error, dataDir)
      if (this.#trouble !== null) return this.#say(this.#trouble)
      this.#claim?.release()
      this.#claim = null
      throw error
    }
  }

  /**
   * A folder that is deleted or moved away under a running core takes everything new with it at the end: said while there
   * is time to put it back. The file stays open, so nothing is given up before.
   */
  #watchFile(): void {
    const { clock, dataDir } = this.#deps
    const opened = fileIn(dataDir)
    const look = (): void => {
      const gone = fileIn(dataDir) !== opened
      if (gone !== (this.#trouble?.cause === 'no-folder')) {
        this.#trouble = gone ? goneTrouble(dataDir) : null
        if (this.#trouble) this.#say(this.#trouble)
        void this.#tell()
      }
      this.#endLooking = clock.after(LOOK_FOR_FILE, look)
    }
    this.#endLooking()
    if (opened !== null) this.#endLooking = clock.after(LOOK_FOR_FILE, look)
  }

  async #close(): Promise<void> {
    this.#endLooking()
    const core = this.#core
    this.#core = null
    try {
      await core?.stop()
    } catch (error) {
      // What could not be stored was not acknowledged: the relay has it still.
      if (troubleOf(error, this.#deps.dataDir) === null) throw error
    }
  }

  /** In the middle of a transaction that has just failed: nothing is done here but to take note. */
  #noticed(error: unknown): void {
    if (this.#trouble !== null || this.#stopped || this.#core === null) return
    const trouble = troubleOf(error, this.#deps.dataDir)
    if (trouble === null) return
    this.#trouble = trouble
    this.#say(trouble)
    queueMicrotask(() => void this.#follow(trouble))
  }

  /** A damaged file is let go of at once, a full or protected one is still read. */
  async #follow(trouble: Trouble): Promise<void> {
    if (trouble.state === 'damaged') await this.#next(() => this.#close())
    else this.#lookLater()
    await this.#tell()
  }

  #lookLater(): void {
    this.#endWait()
    if (this.#stopped) return
    const wait = LOOK_AGAIN[Math.min(this.#looks, LOOK_AGAIN.length - 1)]!
    this.#looks += 1
    this.#endWait = this.#deps.clock.after(wait, () => {
      if (probeFolder(this.#deps.dataDir) === null) void this.#again()
      else this.#lookLater()
    })
  }

  /** Begins anew on the same folder. */
  async #again(): Promise<void> {
    this.#endWait()
    await this.#next(async () => {
      if (this.#stopped || this.#trouble === null) return
      if (this.#core !== null && probeFolder(this.#deps.dataDir) !== null) return
      await this.#close()
      await this.#open()
    })
    if (this.#trouble === null) {
      this.#deps.log.info('folder.usable')
      const held = this.#heldLink.take()
      if (held !== null)
        await this.#core?.call('app.openLink', { text: held.text }, new AbortController().signal)
    } else if (this.#core !== null || this.#trouble.state === 'disk-full') {
      this.#lookLater()
    }
    await this.#tell()
  }

  async #tell(): Promise<void> {
    const data = (await this.call('app.get', {}, new AbortController().signal)) as App
    this.#events.emit({ event: 'app.state', data })
  }

  #say({ state, cause }: Trouble): void {
    this.#deps.log.error('folder.unusable', { state, cause })
  }

  #told(event: ContractEvent): ContractEvent {
    return event.event === 'app.state' ? { ...event, data: this.#withTrouble(event.data) } : event
  }

  #withTrouble(app: App): App {
    const trouble = this.#trouble
    if (trouble === null) return app
    const { cause, details } = trouble
    return { ...app, trouble: { cause, details: `Duplex ${app.version}\n${details}` } }
  }

  #withoutData(method: string, params: unknown): unknown {
    if (!isMethod(method))
      throw new ContractFailure('UNKNOWN_METHOD', 'This version of Duplex has no such method.')
    const checked = parseParams(method, params)
    if (method === 'app.get' || method === 'app.retry') return this.#view()
    if (method === 'call.cancel') return { cancelled: false }
    if (method === 'app.openLink') {
      this.#heldLink.hold((checked as { text: string }).text)
      return {}
    }
    throw troubleFailure(this.#trouble!)
  }

  #view(): App {
    const { version, dataDir } = this.#deps
    return this.#withTrouble({
      version,
      state: this.#state,
      dataDir,
      onboarding: 'profile',
      protection: 'none',
      heldLink: this.#heldLink.waiting,
      abilities: [],
    })
  }
}

function isApp(method: string): boolean {
  return method === 'app.get' || method === 'app.retry' || method === 'app.setOnboarding'
}
