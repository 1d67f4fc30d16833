import { fileURLToPath } from 'node:url'
import { AppError } from '#core/base'
import { FONT } from './pictures.ts'

const fontFiles = (): string[] =>
  [
    import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
    import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  ].map((url) => fileURLToPath(url))

/**
 * A picture as PNG. The font that comes along has the letters of Europe, the Near East and the Caucasus; for others the
 * system's fonts are looked through, which takes longer, so only where they are needed. Runs beside the core's thread.
 */
export async function toPng(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await loadRenderer()
  const picture = await renderAsync(svg, {
    font: {
      fontFiles: fontFiles(),
      loadSystemFonts: needsOtherFonts(svg),
      defaultFontFamily: FONT,
    },
  })
  return picture.asPng()
}

/** Loaded when it is first needed: few ever save a picture, and everybody starts. */
async function loadRenderer() {
  try {
    return await import('@resvg/resvg-js')
  } catch (error) {
    throw new AppError('picture.renderer', 'pictures cannot be drawn here', {}, { cause: error })
  }
}

/** From Devanagari on, but for symbols and Arabic presentation forms. */
function needsOtherFonts(svg: string): boolean {
  return /[\u0900-\u109f\u1100-\u1cff\u2e80-\ufaff\u{1f000}-\u{3ffff}]/u.test(svg)
}
