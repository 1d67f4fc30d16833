/**
 * Reads QR codes in pixels: zxing-cpp (as wasm) first, others where there is no next frame.
 * Everything that stands here runs in the worker; tests and bench run it in Node.
 */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import type { ReaderOptions, ReadResult } from 'zxing-wasm/reader'
import {
  CALM_SIDE,
  DOTS_SIDE,
  GROWN,
  GROWN_UP_TO,
  MAX_CODE_TEXT,
  MAX_CODES,
  MAX_PIECE_PIXELS,
  SHARPEN_AMOUNT,
  SHARPEN_PART,
  SOFT_RADIUS,
  SOFT_SIDE,
  STEEP_PART,
  STEEP_SIDE,
  QR_SIDES,
  TILE,
  TILE_OVERLAP,
} from './limits.ts'
import { readByJsqr, readByQr } from './other-readers.ts'
import { atMost, cut, scaled } from './scale.ts'
import { sharpened } from './sharpen.ts'
import { softened } from './soften.ts'
import type { CodeFound, Effort, Pixels } from './types.ts'

/** Ready once the wasm is compiled. It comes as bytes: the library's own way would fetch it from elsewhere. */
export async function prepareDecoder(wasmBinary: ArrayBuffer): Promise<void> {
  await prepareZXingModule({
    overrides: { wasmBinary, locateFile: (file: string) => file },
    fireImmediately: true,
  })
}

/** Every code in the picture, each text once. */
export async function readCodes(image: Pixels, effort: Effort): Promise<CodeFound[]> {
  if (effort !== 'study') return frameAt(image, effort)
  if (image.width * image.height > MAX_PIECE_PIXELS) return readTiles(image)
  return studyPiece(image)
}

const quick: ReaderOptions = {
  formats: ['QRCode'],
  textMode: 'Plain',
  maxNumberOfSymbols: MAX_CODES,
  tryHarder: true,
  // turned codes are found anyway; this is about codes of lines
  tryRotate: false,
  tryInvert: false,
  tryDownscale: true,
}
const thorough: ReaderOptions = { ...quick, tryInvert: true }
const denoised: ReaderOptions = { ...thorough, tryDenoise: true }
const oneThreshold: ReaderOptions = { ...thorough, binarizer: 'GlobalHistogram' }

/** What an ordinary look cannot read may be made of dots: without the gaps between them it is squares again. */
async function frameAt(image: Pixels, effort: Exclude<Effort, 'study'>): Promise<CodeFound[]> {
  const found = await glanceAt(image, effort === 'glance' ? quick : thorough)
  if (found.length > 0 || effort === 'glance') return found
  if (effort === 'look') return readPiece(image, denoised)
  return readPiece(softened(image, SOFT_RADIUS), { ...quick, tryDenoise: true })
}

/** A code that is in the picture and cannot be read is worth more looks; where there is none, there is no second one. */
async function glanceAt(image: Pixels, options: ReaderOptions): Promise<CodeFound[]> {
  const results = await readBarcodes(image as ImageData, { ...options, returnErrors: true })
  const found = foundIn(results)
  if (found.length > 0 || results.length === 0) return found
  const steep = await readPiece(steeper(image), options)
  if (steep.length > 0 || Math.max(image.width, image.height) > GROWN_UP_TO) return steep
  return readPiece(scaled(image, GROWN), options, GROWN)
}

function steeper(image: Pixels, part = SHARPEN_PART): Pixels {
  const radius = Math.max(2, Math.round(Math.min(image.width, image.height) / part))
  return sharpened(image, radius, SHARPEN_AMOUNT)
}

async function readPiece(image: Pixels, options: ReaderOptions, factor = 1): Promise<CodeFound[]> {
  return foundIn(await readBarcodes(image as ImageData, options), factor)
}

function foundIn(results: readonly ReadResult[], factor = 1): CodeFound[] {
  const found = results.flatMap(({ isValid, text, position }) =>
    isValid && text !== '' && text.length <= MAX_CODE_TEXT
      ? [
          {
            text,
            corners: [position.topLeft, position.topRight, position.bottomRight, position.bottomLeft].map(
              ({ x, y }) => ({ x: x / factor, y: y / factor }),
            ),
          },
        ]
      : [],
  )
  return distinct(found)
}

/** From the cheapest try to the dearest; the first that finds something ends it. */
async function studyPiece(image: Pixels): Promise<CodeFound[]> {
  const tries = [
    () => readPiece(image, thorough),
    () => readByQr(image),
    () => readPiece(steeper(image), thorough),
    () => readPiece(image, denoised),
    () => readPiece(image, oneThreshold),
    () => readSmaller(image, SOFT_SIDE, (small) => readPiece(softened(small, SOFT_RADIUS), denoised)),
    () => readSmaller(image, DOTS_SIDE, (small) => readPiece(small, denoised)),
    () => otherSize(image),
    () => readSmaller(image, CALM_SIDE, (small) => readPiece(small, denoised)),
    () => readSmaller(image, STEEP_SIDE, (small) => readPiece(steeper(small, STEEP_PART), thorough)),
    () => readSmaller(image, QR_SIDES[0], (small) => readByQr(steeper(small, STEEP_PART))),
    () => readByJsqr(image),
  ]
  for (const attempt of tries) {
    const found = await attempt()
    if (found.length > 0) return found
  }
  return []
}

/** A code of few pixels a module reads better when it is drawn larger, a coarse print when it is drawn smaller. */
async function otherSize(image: Pixels): Promise<CodeFound[]> {
  const longest = Math.max(image.width, image.height)
  const factor = longest <= 1_600 ? 2 : 0.5
  const other = scaled(image, factor)
  const found = await readPiece(other, thorough, factor)
  return found.length > 0 || factor < 1 ? found : readPiece(other, denoised, factor)
}

/** Corners in the pixels of the picture itself. */
async function readSmaller(
  image: Pixels,
  side: number,
  read: (small: Pixels) => CodeFound[] | Promise<CodeFound[]>,
): Promise<CodeFound[]> {
  const { small, factor } = atMost(image, side)
  const found = await read(small)
  return found.map(({ text, corners }) => ({
    text,
    corners: corners.map(({ x, y }) => ({ x: x / factor, y: y / factor })),
  }))
}

/** A very large picture: as a whole made smaller, then piece by piece for a code that is small in it, then thoroughly once more as a whole. */
async function readTiles(image: Pixels): Promise<CodeFound[]> {
  const factor = Math.sqrt(MAX_PIECE_PIXELS / (image.width * image.height))
  const whole = await readPiece(scaled(image, factor), thorough, factor)
  if (whole.length > 0) return whole
  const found: CodeFound[] = []
  const step = TILE - TILE_OVERLAP
  for (let top = 0; top === 0 || top + TILE_OVERLAP < image.height; top += step) {
    for (let left = 0; left === 0 || left + TILE_OVERLAP < image.width; left += step) {
      const width = Math.min(TILE, image.width - left)
      const height = Math.min(TILE, image.height - top)
      const inTile = await readPiece(cut(image, left, top, width, height), thorough)
      for (const { text, corners } of inTile)
        found.push({ text, corners: corners.map(({ x, y }) => ({ x: x + left, y: y + top })) })
    }
  }
  return found.length > 0 ? distinct(found) : readSmaller(image, TILE, studyPiece)
}

function distinct(found: readonly CodeFound[]): CodeFound[] {
  return found.filter((one, at) => found.findIndex((other) => other.text === one.text) === at)
}
