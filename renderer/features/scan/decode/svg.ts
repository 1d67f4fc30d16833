import { MAX_SVG_BYTES, SVG_SIDE } from './limits.ts'

/**
 * Draws an SVG file. As a picture it runs no script and loads nothing, and the content policy of the page would refuse
 * both anyway; only a page can draw one, a worker cannot. Null: it is none, or too large.
 */
export async function drawSvg(file: Blob): Promise<ImageBitmap | null> {
  if (file.size > MAX_SVG_BYTES) return null
  const image = new Image()
  image.src = await dataUrl(new Blob([file], { type: 'image/svg+xml' }))
  try {
    await image.decode()
  } catch {
    return null
  }
  const [width, height] = [image.naturalWidth || SVG_SIDE, image.naturalHeight || SVG_SIDE]
  const factor = SVG_SIDE / Math.max(width, height)
  const canvas = new OffscreenCanvas(Math.ceil(width * factor), Math.ceil(height * factor))
  const context = canvas.getContext('2d')
  if (context === null) return null
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas.transferToImageBitmap()
}

function dataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result)))
    reader.addEventListener('error', () => reject(new Error('not read')))
    reader.readAsDataURL(file)
  })
}
