import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { pictureHead } from '../../../ui/picture-head.ts'
import { MAX_LOOKED_PIXELS, SVG_SIDE } from './limits.ts'
import type { Pixels } from './types.ts'

/** Ready once the wasm is compiled; once in a worker's life. */
export async function prepareSvg(wasmBinary: ArrayBuffer): Promise<void> {
  await initWasm(wasmBinary)
}

/**
 * Draws an SVG with its longer side at `SVG_SIDE` pixels on paper of that colour. A browser draws one on the thread of the
 * page only, where a hostile file could hold up the window; here it holds up a worker that can be ended, runs no script and
 * loads nothing. Letters are not drawn. Throws where the file is no SVG, and where a picture within it is one or claims more
 * pixels than a picture of its own may.
 */
export function drawSvg(file: Uint8Array, paper: string): Pixels {
  const drawing = new Resvg(file, { background: paper, fitTo: checkedFit(file) })
  try {
    const image = drawing.render()
    const { width, height, pixels } = image
    // a copy: the library's pixels go with the image
    const drawn = { width, height, data: new Uint8ClampedArray(pixels) }
    image.free()
    return drawn
  } finally {
    drawing.free()
  }
}

type Fit = { mode: 'width' | 'height'; value: number }

/** Of the file itself, before anything of it is drawn. */
function checkedFit(file: Uint8Array): Fit {
  const drawing = new Resvg(file)
  try {
    checkInner(drawing.toString())
    const { width, height } = drawing
    return { mode: width >= height ? 'width' : 'height', value: SVG_SIDE }
  } finally {
    drawing.free()
  }
}

/** `drawing`: as the library writes it, with entities and copies resolved and every inner picture in base64. */
function checkInner(drawing: string): void {
  let pixels = 0
  for (const [, kind, data] of drawing.matchAll(/data:image\/([a-z+]+);base64, ?([\w+/=]*)/g)) {
    const head = kind === 'svg+xml' ? null : pictureHead(Uint8Array.from(atob(data!), byteOf))
    if (head === null || head.kind === 'svg') throw new Error('a picture within that is not looked at')
    pixels += head.width * head.height
  }
  if (pixels > MAX_LOOKED_PIXELS) throw new Error('too many pixels within')
}

const byteOf = (char: string): number => char.charCodeAt(0)
