import { create } from 'qrcode'
import { ContractFailure } from '#core/contract'

/** Modules of white on every side. ISO/IEC 18004, 9.1 */
const QUIET_ZONE = 4
/**
 * Longest text that gets medium correction, which forgives a crease on paper. A full link is beyond it: with low correction
 * its modules stay large enough for a camera. The window and the landing page draw by the same rule.
 */
const SHORT = 300
/** Most bytes of a code of version 40 with low correction. ISO/IEC 18004, table 7 */
const MOST = 2_953

export interface Code {
  /** Modules along one side, quiet zone included. */
  side: number
  /** The dark modules as a path of an SVG, one unit a module. */
  path: string
}

export function drawCode(text: string): Code {
  const size = Buffer.byteLength(text)
  if (size > MOST) {
    throw new ContractFailure('TOO_LARGE', 'This link is too long for a QR code. Copy it instead.', {
      path: 'link',
      limit: MOST,
      size,
    })
  }
  const { modules } = create(text, { errorCorrectionLevel: text.length > SHORT ? 'L' : 'M' })
  const rows = Array.from({ length: modules.size }, (_, y) =>
    pathOfRow(modules.data.subarray(y * modules.size, (y + 1) * modules.size), y + QUIET_ZONE),
  )
  return { side: modules.size + 2 * QUIET_ZONE, path: rows.join('') }
}

/** A rectangle for each run of dark modules. */
function pathOfRow(row: Uint8Array, y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue
    const start = x
    while (row[x + 1]) x++
    const run = x + 1 - start
    path += `M${start + QUIET_ZONE} ${y}h${run}v1h-${run}z`
  }
  return path
}
