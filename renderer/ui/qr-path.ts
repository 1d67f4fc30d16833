/** A QR code as one path of squares: crisp at any size, nothing for a content policy to refuse. */
import { create } from 'qrcode'

// ISO/IEC 18004: four modules of quiet zone on every side
export const QUIET_ZONE = 4

export interface QrDrawing {
  /** Modules along one side, quiet zone included: the side of the view box. */
  side: number
  path: string
}

/** Longest text with medium correction: beyond it low correction keeps the modules large. The core draws by the same rule. */
const SHORT = 300

export function drawQr(text: string): QrDrawing {
  const { modules } = create(text, { errorCorrectionLevel: text.length > SHORT ? 'L' : 'M' })
  const { size, data } = modules
  let path = ''
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!data[y * size + x]) continue
      let run = 1
      while (x + run < size && data[y * size + x + run]) run++
      path += `M${String(x + QUIET_ZONE)} ${String(y + QUIET_ZONE)}h${String(run)}v1h-${String(run)}z`
      x += run - 1
    }
  }
  return { side: size + 2 * QUIET_ZONE, path }
}
