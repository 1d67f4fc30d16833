/** A file that somebody chose becomes the picture of their profile: what a block of the network holds, and no more. */
import { pictureHead } from '../../ui/picture-head.ts'

/** chat.md 2.4: characters of the whole data URI. */
const MAX_CHARACTERS = 12_500
/** Ours. Pixels of the square, from what looks best; the first that fits at a good quality is taken. */
const SIDES = [192, 160, 128, 96]
const QUALITIES = [0.86, 0.74, 0.62, 0.5]
/** Ours: a photo of a large camera is some 15 MB and 100 million pixels. */
const MAX_BYTES = 40_000_000
const MAX_PIXELS = 110_000_000
/** Bytes in which the size of a picture stands. */
const HEAD_BYTES = 1_048_576

export type OwnPicture = { ok: true; image: string } | { ok: false; why: 'unreadable' | 'too-large' }

/** Its middle as a square, drawn anew: places, names and cameras that the file tells of are not in it. */
export async function ownPicture(file: Blob): Promise<OwnPicture> {
  if (file.size > MAX_BYTES) return { ok: false, why: 'too-large' }
  const head = pictureHead(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()))
  if (head === null || head.kind === 'svg') return { ok: false, why: 'unreadable' }
  if (head.width * head.height > MAX_PIXELS) return { ok: false, why: 'too-large' }
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file)
  } catch {
    return { ok: false, why: 'unreadable' }
  }
  try {
    for (const side of SIDES) {
      const canvas = square(bitmap, side)
      for (const quality of QUALITIES) {
        // the network's name for it is jpg
        const image = canvas.toDataURL('image/jpeg', quality).replace('image/jpeg', 'image/jpg')
        if (image.length <= MAX_CHARACTERS) return { ok: true, image }
      }
    }
    return { ok: false, why: 'too-large' }
  } finally {
    bitmap.close()
  }
}

/** What is see-through lies on white. */
function square(bitmap: ImageBitmap, side: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no canvas')
  const from = Math.min(bitmap.width, bitmap.height)
  context.fillStyle = '#fff'
  context.fillRect(0, 0, side, side)
  context.imageSmoothingQuality = 'high'
  context.drawImage(
    bitmap,
    (bitmap.width - from) / 2,
    (bitmap.height - from) / 2,
    from,
    from,
    0,
    0,
    side,
    side,
  )
  return canvas
}
