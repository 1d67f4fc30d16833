import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { SVG_SIDE } from './limits.ts'
import type { Pixels } from './types.ts'

/** Ready once the wasm is compiled; once in a worker's life. */
export async function prepareSvg(wasmBinary: ArrayBuffer): Promise<void> {
  await initWasm(wasmBinary)
}

/**
 * Draws an SVG with its longer side at `SVG_SIDE` pixels on paper of that colour. A browser draws one on the thread of the
 * page only, where a hostile file could hold up the window; here it holds up a worker that can be ended, runs no script and
 * loads nothing. Letters are not drawn. Throws where the file is no SVG.
 */
export function drawSvg(file: Uint8Array, paper: string): Pixels {
  const drawing = new Resvg(file, { background: paper, fitTo: fitOf(file) })
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

function fitOf(file: Uint8Array): Fit {
  const drawing = new Resvg(file)
  const { width, height } = drawing
  drawing.free()
  return { mode: width >= height ? 'width' : 'height', value: SVG_SIDE }
}
