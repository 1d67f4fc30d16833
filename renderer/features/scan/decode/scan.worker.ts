/** The worker: pixels out of frames and pictures, codes out of pixels. It keeps no picture after its answer. */
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'
import { prepareDecoder, readCodes } from './decoder.ts'
import type { WorkerAnswer, WorkerAsk } from './messages.ts'
import type { CodeFound, Pixels } from './types.ts'

/** The part of a worker's own scope that is used here; the types of pages have no name for it. */
interface WorkerScope {
  postMessage(answer: WorkerAnswer): void
  addEventListener(type: 'message', fn: (event: MessageEvent<WorkerAsk>) => void): void
}
const scope = self as unknown as WorkerScope

const ready = fetch(wasmUrl)
  .then((answer) => answer.arrayBuffer())
  .then(prepareDecoder)

let canvas: { of: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } | null = null

scope.addEventListener('message', ({ data }) => void answer(data))

async function answer(ask: WorkerAsk): Promise<void> {
  try {
    const codes = ask.type === 'frame' ? await readFrame(ask) : await readPicture(ask)
    scope.postMessage({ id: ask.id, read: { ok: true, codes } })
  } catch {
    scope.postMessage({ id: ask.id, read: { ok: false, problem: 'unreadable' } })
  }
}

async function readFrame({ frame, effort, side }: WorkerAsk & { type: 'frame' }): Promise<CodeFound[]> {
  const [width, height] = 'displayWidth' in frame ? [frame.displayWidth, frame.displayHeight] : sizeOf(frame)
  try {
    const factor = Math.min(1, side / Math.max(width, height))
    const pixels = draw(frame, width * factor, height * factor, null)
    await ready
    const codes = await readCodes(pixels, effort)
    return codes.map(({ text, corners }) => ({
      text,
      corners: corners.map(({ x, y }) => ({ x: x / factor / width, y: y / factor / height })),
    }))
  } finally {
    frame.close()
  }
}

async function readPicture({
  picture,
  factor,
  clear,
}: WorkerAsk & { type: 'picture' }): Promise<CodeFound[]> {
  await ready
  const bitmap = picture instanceof Blob ? await createImageBitmap(picture) : picture
  try {
    const [width, height] = [bitmap.width * factor, bitmap.height * factor]
    const onWhite = await readCodes(draw(bitmap, width, height, '#fff'), 'study')
    if (onWhite.length > 0 || !clear) return onWhite
    // a code of white squares and nothing between them shows on dark alone
    return await readCodes(draw(bitmap, width, height, '#000'), 'look')
  } finally {
    bitmap.close()
    canvas = null
  }
}

const sizeOf = ({ width, height }: ImageBitmap): [number, number] => [width, height]

/** Drawn at this size; `paper` shows through where the picture is clear. */
function draw(
  source: VideoFrame | ImageBitmap,
  askedWidth: number,
  askedHeight: number,
  paper: string | null,
): Pixels {
  const width = Math.max(1, Math.round(askedWidth))
  const height = Math.max(1, Math.round(askedHeight))
  if (canvas === null || canvas.of.width !== width || canvas.of.height !== height) {
    const of = new OffscreenCanvas(width, height)
    const context = of.getContext('2d', { willReadFrequently: true })
    if (context === null) throw new Error('no canvas')
    canvas = { of, context }
  }
  const { context } = canvas
  if (paper !== null) {
    context.fillStyle = paper
    context.fillRect(0, 0, width, height)
  }
  context.drawImage(source, 0, 0, width, height)
  return context.getImageData(0, 0, width, height)
}
