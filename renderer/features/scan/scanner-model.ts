/**
 * One scanner, from its first showing to its end. The camera runs in `live` alone.
 *
 *   idle --press--> asking --> live --code--> found | choose --picked--> found
 *     ^               |          |
 *     |               v          v
 *     +--Stop---   trouble <- unplugged        a picture, the screen: reading --> found | choose | idle
 */
import type { Found } from '#core/contract'
import type { Camera, CameraTrouble, Host } from '../../host/index.ts'
import { ViewModel } from '../../state/view-model.ts'
import { CameraChoice, stopStream, troubleOf } from './camera.ts'
import { LOOKS } from './decode/limits.ts'
import type { CodeFound, Effort, PictureProblem, PictureRead } from './decode/types.ts'
import { Judge } from './judge.ts'
import type { Judged, Purpose } from './judge.ts'
import { readPictures, type PictureReader } from './read-pictures.ts'
import type { Stage } from './stage.ts'

export type ScanView =
  | { tag: 'idle' }
  | { tag: 'asking' }
  | { tag: 'live' }
  | { tag: 'found' }
  | { tag: 'choose'; found: readonly Found[] }
  | { tag: 'reading'; what: 'picture' | 'screen' }
  | { tag: 'trouble'; trouble: CameraTrouble | 'unplugged' }

/** Why the last step led to nothing. */
export type ScanNote =
  | { tag: 'no-code' | 'clipboard-empty' | 'clipboard-denied' | 'screen-failed' | PictureProblem }
  | { tag: 'wrong'; found: Found }

export interface ScanState {
  view: ScanView
  note: ScanNote | null
  cameras: readonly Camera[] | null
  cameraId: string | null
  mirror: boolean
}

/** The part of `CodeReader` that is used here. */
export interface Reader extends PictureReader {
  readonly busy: boolean
  warm(): void
  frame(frame: VideoFrame, effort: Effort, side: number): Promise<readonly CodeFound[]>
  bitmap(picture: ImageBitmap): Promise<PictureRead>
}

/** What the screen around the scanner does with what was read. */
export interface ScanAnswers {
  onFound(found: Found): void
  /** Text that came by paste or drop, where the screen has a field for it. */
  onText?: ((text: string) => void) | undefined
  /** A code that is nothing of ours, where the screen has an answer for it (plan I). */
  onOther?: ((text: string) => void) | undefined
}

// Ours: about 15 looks a second.
const LOOK_GAP_MS = 60
/** How long a strange code has to stay alone in the picture until it is what the person means. */
const STRANGE_MS = 800
/** At least that from the frame in which it is to the link: by then the picture that stands still is on the screen. P12 */
const FREEZE_MS = 30

export class ScannerModel extends ViewModel<ScanState> {
  readonly #host: Host
  readonly #reader: Reader
  readonly #judge: Judge
  readonly #choice: CameraChoice
  #answers: ScanAnswers = { onFound: () => undefined }
  #stage: Stage | null = null
  #stream: MediaStream | null = null
  #forgetFrame: () => void = () => undefined
  /** Of the picture or screen that is being read. */
  #reading: AbortController | null = null
  /** Grows with every start and stop: what belongs to an older turn has no effect any more. */
  #turn = 0
  #looks = 0
  #lastLook = 0
  #strangeSince: number | null = null

  constructor(host: Host, reader: Reader, purpose: Purpose) {
    super({ view: { tag: 'idle' }, note: null, cameras: null, cameraId: null, mirror: true })
    this.#host = host
    this.#reader = reader
    this.#judge = new Judge(host, purpose)
    this.#choice = new CameraChoice(host)
  }

  answerWith(answers: ScanAnswers): void {
    this.#answers = answers
  }

  /** Until the returned function is called, which ends everything that runs. */
  attach(stage: Stage): () => void {
    this.#stage = stage
    // so that the first frame does not wait for the decoder
    this.#reader.warm()
    const look = (): void => void this.#findCameras()
    look()
    const forget = this.#host.onCamerasChanged(look)
    return () => {
      forget()
      this.stop()
      this.#stage = null
      this.#reader.close()
    }
  }

  async start(): Promise<void> {
    const { view } = this.state
    if (view.tag === 'asking' || view.tag === 'live') return
    const turn = this.#newTurn()
    this.#stage?.clear()
    this.update({ view: { tag: 'asking' }, note: null })
    try {
      const { stream, id, cameras, mirror } = await this.#choice.open()
      if (turn !== this.#turn) return stopStream(stream)
      this.#stream = stream
      stream.getVideoTracks()[0]?.addEventListener('ended', () => this.#ended(turn))
      this.#stage?.show(stream)
      this.update({ view: { tag: 'live' }, cameras, cameraId: id, mirror })
      this.#watch(turn)
    } catch (error) {
      if (turn === this.#turn) this.update({ view: { tag: 'trouble', trouble: troubleOf(error) } })
    }
  }

  /** The camera is off when this returns. */
  stop(): void {
    this.#newTurn()
    const { tag } = this.state.view
    if (tag === 'asking' || tag === 'live' || tag === 'reading') this.update({ view: { tag: 'idle' } })
  }

  /** The first camera ends before the other begins. */
  async choose(id: string): Promise<void> {
    this.#choice.choose(id)
    const wasOn = this.state.view.tag === 'live'
    this.stop()
    this.update({ cameraId: id })
    if (wasOn) await this.start()
  }

  setMirror(mirror: boolean): void {
    this.#choice.setMirror(this.state.cameraId, mirror)
    this.update({ mirror })
  }

  async readFiles(files: readonly Blob[]): Promise<void> {
    await this.#read('picture', (signal) => readPictures(this.#reader, files, signal))
  }

  async readScreen(): Promise<void> {
    await this.#read('screen', async (signal) => {
      const frame = await this.#host.screenFrame()
      if (signal.aborted) frame?.close()
      if (frame === null || signal.aborted) return null
      signal.addEventListener('abort', () => this.#reader.close(), { once: true })
      return this.#reader.bitmap(frame)
    })
  }

  /** From the clipboard, by a button: a picture if there is one, else text. */
  async paste(): Promise<void> {
    const picture = await this.#host.readPicture().catch(() => null)
    if (picture !== null) return this.readFiles([picture])
    const text = await this.#host.readText().catch(() => null)
    if (text === null) this.update({ note: { tag: 'clipboard-denied' } })
    else if (text.trim() === '') this.update({ note: { tag: 'clipboard-empty' } })
    else await this.takeText(text)
  }

  async takeText(text: string): Promise<void> {
    if (this.#answers.onText !== undefined) {
      this.stop()
      return this.#answers.onText(text)
    }
    const turn = this.#newTurn()
    const judged = await this.#judge.judge([text])
    if (turn === this.#turn) this.#settle(judged, false, { tag: 'idle' })
  }

  pick(found: Found): void {
    if (this.state.view.tag === 'choose') this.#found(found)
  }

  /** Back from a choice or a result to where a scan begins. */
  again(): void {
    this.#newTurn()
    this.update({ view: { tag: 'idle' }, note: null })
  }

  #newTurn(): number {
    this.#forgetFrame()
    this.#reading?.abort()
    this.#reading = null
    this.#strangeSince = null
    if (this.#stream !== null) stopStream(this.#stream)
    this.#stream = null
    this.#stage?.show(null)
    return ++this.#turn
  }

  #ended(turn: number): void {
    if (turn !== this.#turn) return
    this.#newTurn()
    this.update({ view: { tag: 'trouble', trouble: 'unplugged' } })
  }

  async #findCameras(): Promise<void> {
    const cameras = await this.#host.cameras().catch(() => [])
    this.update({ cameras })
    const { view } = this.state
    const back = view.tag === 'trouble' && (view.trouble === 'none' || view.trouble === 'unplugged')
    if (back && cameras.length > 0) this.update({ view: { tag: 'idle' } })
  }

  /** The newest frame counts: one that comes while the worker looks at another is never taken. */
  #watch(turn: number): void {
    this.#forgetFrame =
      this.#stage?.nextFrame((frame) => {
        this.#watch(turn)
        const now = performance.now()
        if (this.#reader.busy || now - this.#lastLook < LOOK_GAP_MS) return frame.close()
        this.#lastLook = now
        void this.#look(frame, turn)
      }) ?? this.#forgetFrame
  }

  async #look(frame: VideoFrame, turn: number): Promise<void> {
    const { effort, side } = LOOKS[this.#looks++ % LOOKS.length]!
    const codes = await this.#reader.frame(frame, effort, side)
    if (turn !== this.#turn || codes.length === 0) return
    const judged = await this.#judge.judge(codes.map(({ text }) => text))
    if (turn !== this.#turn) return
    if (judged.right.length > 0) return this.#settle(judged, true, { tag: 'live' })
    if (judged.wrong !== null) this.#strange(judged.wrong)
  }

  #strange(found: Found): void {
    const now = performance.now()
    this.#strangeSince ??= now
    if (found.kind !== 'other' || this.#answers.onOther === undefined)
      return this.update({ note: { tag: 'wrong', found } })
    if (now - this.#strangeSince < STRANGE_MS) return
    this.#newTurn()
    this.#answers.onOther(found.text)
  }

  async #read(
    what: 'picture' | 'screen',
    run: (signal: AbortSignal) => Promise<PictureRead | null>,
  ): Promise<void> {
    const turn = this.#newTurn()
    const reading = new AbortController()
    this.#reading = reading
    this.#stage?.clear()
    this.update({ view: { tag: 'reading', what }, note: null })
    let read: PictureRead | null
    try {
      read = await run(reading.signal)
    } catch {
      if (turn === this.#turn) this.update({ view: { tag: 'idle' }, note: { tag: 'screen-failed' } })
      return
    }
    if (turn !== this.#turn) return
    this.#reading = null
    const idle: ScanView = { tag: 'idle' }
    if (read === null) return this.update({ view: idle })
    if (!read.ok) return this.update({ view: idle, note: { tag: read.problem } })
    const judged = await this.#judge.judge(read.codes.map(({ text }) => text))
    if (turn === this.#turn) this.#settle(judged, false, idle)
  }

  #settle({ right, wrong }: Judged, fromCamera: boolean, otherwise: ScanView): void {
    const [first, second] = right
    if (first === undefined && wrong?.kind === 'other' && this.#answers.onOther !== undefined) {
      this.update({ view: otherwise })
      return this.#answers.onOther(wrong.text)
    }
    if (first === undefined)
      return this.update({
        view: otherwise,
        note: wrong === null ? { tag: 'no-code' } : { tag: 'wrong', found: wrong },
      })
    if (fromCamera) this.#stage?.freeze()
    if (second !== undefined) {
      this.#newTurn()
      return this.update({ view: { tag: 'choose', found: right }, note: null })
    }
    this.#found(first, fromCamera ? this.#lastLook + FREEZE_MS - performance.now() : null)
  }

  #found(found: Found, after: number | null = null): void {
    const turn = this.#newTurn()
    this.update({ view: { tag: 'found' }, note: null })
    if (after === null) return this.#answers.onFound(found)
    setTimeout(() => turn === this.#turn && this.#answers.onFound(found), after)
  }
}
