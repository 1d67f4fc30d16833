/** Readers that are asked where the first one sees nothing. Each knows one code of a picture. */
import jsQR from 'jsqr'
import decodeQR from 'qr/decode.js'
import type { FinderPoints } from 'qr/decode.js'
import { MAX_CODE_TEXT, QR_MS, JSQR_SIDE, QR_SIDES } from './limits.ts'
import { atMost } from './scale.ts'
import type { CodeFound, Pixels, Point } from './types.ts'

export function readByJsqr(image: Pixels): CodeFound[] {
  const { small, factor } = atMost(image, JSQR_SIDE)
  const code = jsQR(small.data, small.width, small.height)
  if (code === null) return []
  const { topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner } = code.location
  return found(code.data, [topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner], factor)
}

/** Codes that are bent, or lie under a glare, it reads at one size and not at another. */
export function readByQr(image: Pixels): CodeFound[] {
  const longest = Math.max(image.width, image.height)
  const [largest, ...smaller] = QR_SIDES
  for (const side of [largest, ...smaller.filter((each) => each < longest)]) {
    const { small, factor } = atMost(image, side)
    let corners: readonly Point[] = []
    try {
      const text = decodeQR(small, {
        effort: 2,
        timeLimit: QR_MS,
        pointsOnDetect: ({ bounds }: FinderPoints) => (corners = bounds),
      })
      return found(text, corners, factor)
    } catch {
      // it says so by throwing: no code at that size
    }
  }
  return []
}

function found(text: string, corners: readonly Point[], factor: number): CodeFound[] {
  if (text === '' || text.length > MAX_CODE_TEXT) return []
  return [{ text, corners: corners.map(({ x, y }) => ({ x: x / factor, y: y / factor })) }]
}
