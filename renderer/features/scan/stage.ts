/** Where the camera shows: a video, and a canvas that keeps the frame in which a code was found. */
export interface Stage {
  show(stream: MediaStream | null): void
  /** The next frame, once. The frame is the caller's to close. Returns how to want it no more. */
  nextFrame(fn: (frame: VideoFrame) => void): () => void
  /** What shows now stays when the stream ends. */
  freeze(): void
  /** Forgets the kept frame. */
  clear(): void
}

export function stageOf(video: HTMLVideoElement, canvas: HTMLCanvasElement): Stage {
  return {
    show(stream) {
      video.srcObject = stream
      if (stream !== null) void video.play().catch(() => undefined)
    },
    nextFrame(fn) {
      const ask = (): number =>
        video.requestVideoFrameCallback(() => {
          const frame = grab(video)
          if (frame === null) handle = ask()
          else fn(frame)
        })
      let handle = ask()
      return () => video.cancelVideoFrameCallback(handle)
    },
    freeze() {
      canvas.width = video.videoWidth
      canvas.height = video.videoHeight
      canvas.getContext('2d')?.drawImage(video, 0, 0)
    },
    clear() {
      canvas.width = 0
      canvas.height = 0
    },
  }
}

/** Null while one stream follows another and the video holds nothing. */
function grab(video: HTMLVideoElement): VideoFrame | null {
  try {
    return new VideoFrame(video)
  } catch {
    return null
  }
}
