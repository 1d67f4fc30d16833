/** The worker: pixels out of frames and pictures, codes out of pixels. It keeps no picture after its answer. */
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'
import svgWasmUrl from '@resvg/resvg-wasm/index_bg.wasm?url'
import { prepareDecoder, readCodes } from './decoder.ts'
import { framePixels } from './frame-pixels.ts'
import { drawSvg, prepareSvg } from './svg.ts'
import type { WorkerAnswer, WorkerAsk } from './messages.ts'
import type { CodeFound, Pixels } from './types.ts'

/** The part of a worker's own scope that is used here; the types of pages have no name for it. */
interface WorkerScope {
  postMessage(answer: WorkerAnswer): void
  addEventListener(type: 'message', fn: (event: MessageEvent<WorkerAsk>) => void): void
}
const scope = self as unknown as WorkerScope

const bytesOf = async (url: string): Promise<ArrayBuffer> => (await fetch(url)).arrayBuffer()

const ready = bytesOf(wasmUrl)
  .then(prepareDecoder)
  .then(() => void readCodes(blank, 'look'))
/** The first picture costs several times as much as the next: it is one without anything. */
const blank: Pixels = { width: 640, height: 360, data: new Uint8ClampedArray(640 * 360 * 4).fill(255) }
let svgReady: Promise<void> | null = null
const SMALL_COPY_SIDE = 256

let canvas: { of: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } | null = null

scope.addEventListener('message', ({ data }) => void answer(data))

async function answer(ask: WorkerAsk): Promise<void> {
  try {
    const codes = await read(ask)
    scope.postMessage({ id: ask.id, read: { ok: true, codes } })
  } catch {
    scope.postMessage({ id: ask.id, read: { ok: false, problem: 'unreadable' } })
  }
}

function read(ask: WorkerAsk): Promise<CodeFound[]> {
  switch (ask.type) {
    case 'frame':
      return readFrame(ask)
    case 'picture':
      return readPicture(ask)
    case 'svg':
      return readSvg(ask)
  }
}

async function readFrame({ frame, effort, side }: WorkerAsk & { type: 'frame' }): Promise<CodeFound[]> {
  try {
    const pixels = (await framePixels(frame, side)) ?? drawFrame(frame, side)
    await ready
    const codes = await readCodes(pixels, effort)
    return codes.map(({ text, corners }) => ({
      text,
      corners: corners.map(({ x, y }) => ({ x: x / pixels.width, y: y / pixels.height })),
    }))
  } finally {
    frame.close()
  }
}

function drawFrame(frame: VideoFrame, side: number): Pixels {
  const { displayWidth: width, displayHeight: height } = frame
  const factor = Math.min(1, side / Math.max(width, height))
  return draw(frame, width * factor, height * factor, null)
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
    return await readOnPaper(
      (paper) => draw(bitmap, width, height, paper),
      () => clear && showsThrough(bitmap),
    )
  } finally {
    bitmap.close()
    canvas = null
  }
}

async function readSvg({ file }: WorkerAsk & { type: 'svg' }): Promise<CodeFound[]> {
  svgReady ??= bytesOf(svgWasmUrl).then(prepareSvg)
  await Promise.all([ready, svgReady])
  const bytes = new Uint8Array(await file.arrayBuffer())
  return readOnPaper(
    (paper) => drawSvg(bytes, paper),
    () => true,
  )
}

/** A code of white squares and nothing between them shows on dark paper alone. */
async function readOnPaper(
  drawOn: (paper: string) => Pixels,
  paperShows: () => boolean,
): Promise<CodeFound[]> {
  const onWhite = await readCodes(drawOn('#fff'), 'study')
  if (onWhite.length > 0 || !paperShows()) return onWhite
  return readCodes(drawOn('#000'), 'look')
}

/** Whether any part is clear that a code could stand on; a small copy tells. */
function showsThrough(bitmap: ImageBitmap): boolean {
  const factor = Math.min(1, SMALL_COPY_SIDE / Math.max(bitmap.width, bitmap.height))
  const { data } = draw(bitmap, bitmap.width * factor, bitmap.height * factor, null)
  return data.some((value, at) => at % 4 === 3 && value < 255)
}

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
  if (paper === null) context.clearRect(0, 0, width, height)
  else {
    context.fillStyle = paper
    context.fillRect(0, 0, width, height)
  }
  context.drawImage(source, 0, 0, width, height)
  return context.getImageData(0, 0, width, height)
}
