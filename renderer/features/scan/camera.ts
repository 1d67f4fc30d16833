import { CameraError } from '../../host/index.ts'
import type { Camera, CameraTrouble, Host } from '../../host/index.ts'

type Port = Pick<Host, 'cameras' | 'openCamera' | 'cameraDenied' | 'facing' | 'remember' | 'recall'>

export interface OpenCamera {
  readonly stream: MediaStream
  readonly id: string | null
  readonly mirror: boolean
  readonly cameras: readonly Camera[]
}

const CHOSEN = 'scan.camera'
const mirrorKey = (id: string): string => `scan.mirror.${id}`

/** Which camera, and how it shows: habits of this window. Holds no stream. */
export class CameraChoice {
  readonly #host: Port

  constructor(host: Port) {
    this.#host = host
  }

  choose(id: string): void {
    this.#host.remember(CHOSEN, id)
  }

  setMirror(id: string | null, mirror: boolean): void {
    this.#host.remember(mirrorKey(id ?? ''), mirror ? 'on' : 'off')
  }

  /** The chosen camera, or any when that one is gone. Rejects with `CameraError`. */
  async open(): Promise<OpenCamera> {
    // a no that was given for good is not asked about again
    if (await this.#host.cameraDenied()) throw new CameraError('denied')
    const chosen = this.#host.recall(CHOSEN)
    const there = await this.#host.cameras()
    const wanted = there.some(({ id }) => id !== '' && id === chosen) ? chosen : null
    const stream = await this.#open(wanted)
    try {
      // their names are told only now
      const cameras = await this.#host.cameras()
      const id = stream.getVideoTracks()[0]?.getSettings().deviceId ?? null
      return { stream, id, cameras, mirror: this.#mirror(id, stream) }
    } catch (error) {
      stopStream(stream)
      throw error
    }
  }

  async #open(id: string | null): Promise<MediaStream> {
    try {
      return await this.#host.openCamera(id)
    } catch (error) {
      if (id === null || troubleOf(error) !== 'none') throw error
      return this.#host.openCamera(null)
    }
  }

  /** flows.md 9: on for cameras that look at the person or do not say, off for those that look away. */
  #mirror(id: string | null, stream: MediaStream): boolean {
    const habit = this.#host.recall(mirrorKey(id ?? ''))
    return habit === null ? this.#host.facing(stream) !== 'away' : habit === 'on'
  }
}

export function stopStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

export function troubleOf(error: unknown): CameraTrouble {
  return error instanceof CameraError ? error.trouble : 'failed'
}
