import type { Effort, PictureRead } from './types.ts'

/** To the worker. Frames and bitmaps are handed over, not copied. */
export type WorkerAsk =
  | { type: 'frame'; id: number; frame: VideoFrame; effort: Effort; side: number }
  /** `clear`: the kind of file may have see-through parts. */
  | { type: 'picture'; id: number; picture: Blob | ImageBitmap; factor: number; clear: boolean }
  | { type: 'svg'; id: number; file: Blob }

/** From it: one answer for each. */
export type WorkerAnswer = { id: number; read: PictureRead }
