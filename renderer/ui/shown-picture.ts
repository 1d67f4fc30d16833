import { pictureHead } from './picture-head.ts'

/** Ours: side of a picture that is decoded to be shown small. Peers send some 192 pixels; a file of 48 KB can claim 60,000. */
const MAX_SHOWN_SIDE = 1_024

/**
 * A picture of a profile that may go into an `<img>`, or null. It comes from strangers: it must be the PNG or JPEG that it
 * says it is, and of a size that does not fill the memory when it is decoded.
 */
export function shownPicture(image: string | undefined): string | null {
  const [, said, base64] = /^data:image\/(png|jpe?g);base64,([A-Za-z0-9+/]+=*)$/.exec(image ?? '') ?? []
  if (image === undefined || said === undefined || base64 === undefined) return null
  const head = pictureHead(bytesOf(base64))
  if (head === null || head.kind !== (said === 'png' ? 'png' : 'jpeg')) return null
  const fits = Math.min(head.width, head.height) > 0 && Math.max(head.width, head.height) <= MAX_SHOWN_SIDE
  return fits ? image : null
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  } catch {
    return new Uint8Array() // its length is none of base64
  }
}
