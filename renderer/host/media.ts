/** Camera, one frame of the screen, a picture on the clipboard: web APIs that both hosts have. */

export interface Camera {
  id: string
  /** Empty until a camera was allowed once. */
  name: string
}

/** `away`: it looks from the person into the room. */
export type Facing = 'person' | 'away' | 'unknown'

export type CameraTrouble = 'none' | 'denied' | 'busy' | 'failed'

export class CameraError extends Error {
  override readonly name = 'CameraError'
  readonly trouble: CameraTrouble

  constructor(trouble: CameraTrouble) {
    super(`no picture: ${trouble}`)
    this.trouble = trouble
  }
}

export interface HostMedia {
  /** Asks nobody. */
  cameras(): Promise<Camera[]>
  onCamerasChanged(fn: () => void): () => void
  /** The system or the person has said no, and asking again would not even show a question. */
  cameraDenied(): Promise<boolean>
  /** May ask the person. The stream is the caller's to stop. Rejects with `CameraError`. */
  openCamera(id: string | null): Promise<MediaStream>
  facing(stream: MediaStream): Facing
  /** Lets the person choose a screen or window and answers one frame of it; null when they choose none. */
  screenFrame(): Promise<ImageBitmap | null>
  /** The picture on the clipboard; null when there is none. Rejects where the clipboard may not be read. Only on a press. */
  readPicture(): Promise<Blob | null>
}

/** Enough for a dense code at an arm's length, few enough pixels to look at many frames a second. */
const WANTED: MediaTrackConstraints = { width: { ideal: 1_280 }, height: { ideal: 720 } }

export const mediaAbilities = (): { camera: boolean; screen: boolean } => ({
  camera: mediaDevices() !== undefined,
  screen: mediaDevices() !== undefined && 'getDisplayMedia' in navigator.mediaDevices,
})

export const webMedia: HostMedia = {
  async cameras() {
    const all = (await mediaDevices()?.enumerateDevices()) ?? []
    return all.flatMap(({ kind, deviceId, label }) =>
      kind === 'videoinput' ? [{ id: deviceId, name: label }] : [],
    )
  },
  onCamerasChanged(fn) {
    mediaDevices()?.addEventListener('devicechange', fn)
    return () => mediaDevices()?.removeEventListener('devicechange', fn)
  },
  async cameraDenied() {
    try {
      return (await navigator.permissions.query({ name: 'camera' })).state === 'denied'
    } catch {
      return false
    }
  },
  async openCamera(id) {
    const video = id === null ? WANTED : { ...WANTED, deviceId: { exact: id } }
    try {
      return await navigator.mediaDevices.getUserMedia({ video, audio: false })
    } catch (error) {
      throw new CameraError(troubleOf(error))
    }
  },
  facing(stream) {
    const [track] = stream.getVideoTracks()
    const mode = track?.getSettings().facingMode
    if (mode === 'environment' || /\b(?:back|rear|environment)\b/i.test(track?.label ?? '')) return 'away'
    if (mode === 'user' || /\bfront\b/i.test(track?.label ?? '')) return 'person'
    return 'unknown'
  },
  async screenFrame() {
    let stream: MediaStream
    try {
      stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: false })
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotAllowedError') return null
      throw error
    }
    try {
      return await firstFrame(stream)
    } finally {
      for (const track of stream.getTracks()) track.stop()
    }
  },
  async readPicture() {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((one) => one.startsWith('image/'))
      if (type !== undefined) return item.getType(type)
    }
    return null
  },
}

/** Absent on a page that is neither https nor this computer. */
function mediaDevices(): MediaDevices | undefined {
  return navigator.mediaDevices as MediaDevices | undefined
}

/** Media Capture and Streams, 10.2: what `getUserMedia` rejects with. */
function troubleOf(error: unknown): CameraTrouble {
  if (!(error instanceof DOMException)) return 'failed'
  if (error.name === 'NotAllowedError' || error.name === 'SecurityError') return 'denied'
  if (error.name === 'NotFoundError' || error.name === 'OverconstrainedError') return 'none'
  if (error.name === 'NotReadableError' || error.name === 'AbortError') return 'busy'
  return 'failed'
}

/** How long a capture may take to bring a picture, ms; ours: it takes less than one second, or never does. */
const FRAME_PATIENCE = 8_000
/** The first picture may still be black while the capture starts, ms. */
const FRAME_SETTLES = 700

/**
 * By the data alone, not by what is drawn: a page that the other window covers is not drawn, and one that stands still
 * gives one picture and no second. Rejects where none comes.
 */
async function firstFrame(stream: MediaStream): Promise<ImageBitmap> {
  const video = document.createElement('video')
  video.muted = true
  const loaded = new Promise<void>((resolve, reject) => {
    video.addEventListener('loadeddata', () => resolve(), { once: true })
    setTimeout(() => reject(new Error('the capture brings no picture')), FRAME_PATIENCE)
  })
  video.srcObject = stream
  video.play().catch(() => undefined)
  try {
    await loaded
    await new Promise((resolve) => setTimeout(resolve, FRAME_SETTLES))
    return await createImageBitmap(video)
  } finally {
    video.srcObject = null
  }
}
