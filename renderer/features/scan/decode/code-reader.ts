/** The page's side of the worker. Of a camera the newest frame counts: what comes while one is looked at is let go. */
import {
  HEAD_BYTES,
  LONGEST_STUDY,
  MAX_LOOKED_PIXELS,
  MAX_PICTURE_BYTES,
  MAX_PICTURE_PIXELS,
  MAX_PICTURE_SIDE,
  MAX_SVG_BYTES,
} from './limits.ts'
import type { WorkerAnswer, WorkerAsk } from './messages.ts'
import { pictureHead } from '../../../ui/picture-head.ts'
import type { CodeFound, Effort, PictureProblem, PictureRead } from './types.ts'

const failed = (problem: PictureProblem): PictureRead => ({ ok: false, problem })

export class CodeReader {
  #worker: Worker | null = null
  #nextId = 1
  #closed = 0
  readonly #waiting = new Map<number, (read: PictureRead) => void>()

  /** Starts the worker, so that the first frame does not wait for it. */
  warm(): void {
    this.#start()
  }

  get busy(): boolean {
    return this.#waiting.size > 0
  }

  /** Corners are parts of width and height. Takes the frame over in any case. */
  async frame(frame: VideoFrame, effort: Effort, side: number): Promise<readonly CodeFound[]> {
    if (this.busy) {
      frame.close()
      return []
    }
    const read = await this.#ask((id) => ({ type: 'frame', id, frame, effort, side }), [frame])
    return read.ok ? read.codes : []
  }

  /** A file or what lay on the clipboard. Whatever it is, it answers. */
  async picture(file: Blob): Promise<PictureRead> {
    if (file.size > MAX_PICTURE_BYTES) return failed('too-large')
    const closed = this.#closed
    // a folder, or a file that went away meanwhile, cannot be read at all
    const bytes = await file
      .slice(0, HEAD_BYTES)
      .arrayBuffer()
      .catch(() => new ArrayBuffer(0))
    const head = pictureHead(new Uint8Array(bytes))
    // closed meanwhile: nothing would end the worker that this starts
    if (head === null || closed !== this.#closed) return failed('unreadable')
    if (head.kind === 'svg') {
      if (file.size > MAX_SVG_BYTES) return failed('too-large')
      return this.#ask((id) => ({ type: 'svg', id, file }))
    }
    const pixels = head.width * head.height
    if (pixels > MAX_PICTURE_PIXELS || Math.max(head.width, head.height) > MAX_PICTURE_SIDE)
      return failed('too-large')
    if (pixels === 0) return failed('unreadable')
    const factor = Math.min(1, Math.sqrt(MAX_LOOKED_PIXELS / pixels))
    return this.#ask((id) => ({
      type: 'picture',
      id,
      picture: file,
      factor,
      clear: head.kind !== 'jpeg' && head.kind !== 'bmp',
    }))
  }

  async bitmap(picture: ImageBitmap): Promise<PictureRead> {
    return this.#ask((id) => ({ type: 'picture', id, picture, factor: 1, clear: true }), [picture])
  }

  /** Ends what is being looked at, too; the next picture starts the worker anew. */
  close(): void {
    this.#end('unreadable')
  }

  #end(problem: PictureProblem): void {
    this.#closed += 1
    this.#worker?.terminate()
    this.#worker = null
    for (const answer of this.#waiting.values()) answer(failed(problem))
    this.#waiting.clear()
  }

  #ask(ask: (id: number) => WorkerAsk, handedOver: Transferable[] = []): Promise<PictureRead> {
    const id = this.#nextId++
    return new Promise((resolve) => {
      // a picture made to take forever costs its own answer and no more
      const timer = setTimeout(() => this.#end('too-long'), LONGEST_STUDY)
      this.#waiting.set(id, (read) => {
        clearTimeout(timer)
        resolve(read)
      })
      this.#start().postMessage(ask(id), handedOver)
    })
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker
    const worker = new Worker(new URL('./scan.worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer>) => {
      this.#waiting.get(data.id)?.(data.read)
      this.#waiting.delete(data.id)
    })
    worker.addEventListener('error', () => this.close())
    this.#worker = worker
    return worker
  }
}
