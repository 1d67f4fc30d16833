import { dialog, type BrowserWindow } from 'electron'
import { writeFile } from 'node:fs/promises'

/** Longest picture that is taken from the page, characters: a code of a link in 4,096 pixels has a tenth of it. */
const LONGEST = 8_388_608
const PNG = 'data:image/png;base64,'

/** Puts it where the person says; false when they say nowhere. */
export async function savePicture(
  window: BrowserWindow | null,
  name: unknown,
  picture: unknown,
): Promise<boolean> {
  const bytes = bytesOf(picture)
  if (window === null) return false
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: fileName(name),
    filters: [{ name: 'PNG', extensions: ['png'] }],
  })
  if (canceled || filePath === '') return false
  await writeFile(filePath, bytes)
  return true
}

function bytesOf(picture: unknown): Buffer {
  if (typeof picture !== 'string' || picture.length > LONGEST || !picture.startsWith(PNG))
    throw new Error('not a picture of that size')
  return Buffer.from(picture.slice(PNG.length), 'base64')
}

/** A name and never a path: without what any system gives a meaning to. */
function fileName(name: unknown): string {
  const plain = typeof name === 'string' ? name.replace(/[^\p{L}\p{N} _-]+/gu, ' ').trim() : ''
  return `${plain.slice(0, 80) || 'Duplex'}.png`
}
