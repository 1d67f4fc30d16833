import { dialog, type BrowserWindow } from 'electron'
import { writeFile } from 'node:fs/promises'

/** Longest file that is taken from the page, characters: a page of 50 cards with long links has a third of it. */
const LONGEST = 8_388_608

/** What the page may hand over: pictures of codes, and cards to be printed. */
const KINDS = [
  { head: 'data:image/png;base64,', name: 'PNG', extension: 'png' },
  { head: 'data:text/html;charset=utf-8;base64,', name: 'HTML', extension: 'html' },
] as const

/** Puts it where the person says; false when they say nowhere. */
export async function saveFile(window: BrowserWindow | null, name: unknown, file: unknown): Promise<boolean> {
  const { bytes, kind } = contentOf(file)
  if (window === null) return false
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: `${plainName(name)}.${kind.extension}`,
    filters: [{ name: kind.name, extensions: [kind.extension] }],
  })
  if (canceled || filePath === '') return false
  await writeFile(filePath, bytes)
  return true
}

function contentOf(file: unknown): { bytes: Buffer; kind: (typeof KINDS)[number] } {
  if (typeof file !== 'string' || file.length > LONGEST) throw new Error('not a file of that size')
  const kind = KINDS.find(({ head }) => file.startsWith(head))
  if (kind === undefined) throw new Error('not a file of that kind')
  return { bytes: Buffer.from(file.slice(kind.head.length), 'base64'), kind }
}

/** A name and never a path: without what any system gives a meaning to. */
function plainName(name: unknown): string {
  const plain = typeof name === 'string' ? name.replace(/[^\p{L}\p{N} _-]+/gu, ' ').trim() : ''
  return plain.slice(0, 80) || 'Duplex'
}
