import { t } from '../../i18n/index.ts'
import type { Services } from '../../state/index.ts'
import { CodeReader } from './decode/code-reader.ts'
import type { PictureRead } from './decode/types.ts'
import { Judge } from './judge.ts'
import { readPictures } from './read-pictures.ts'
import type { ScanNote } from './scanner-model.ts'
import { noteText } from './words.ts'

/** Most pictures are read before anybody wonders; then it is said, and can be cancelled. */
const SAID_AFTER_MS = 1_000

/** Reads the codes of the pictures; a link goes to its check, several to the choice of the search field. */
export async function connectByPicture(services: Services, files: readonly File[]): Promise<void> {
  const { host, router, search, toasts } = services
  const say = (note: ScanNote): void =>
    void toasts.show({ text: noteText(note, 'link', host), mark: 'problem' })
  const read = await readAloud(services, files)
  if (read === null) return
  if (!read.ok) return say({ tag: read.problem })
  const { right, wrong } = await new Judge(host, 'link').judge(read.codes.map(({ text }) => text))
  const [first, second] = right
  if (first !== undefined && second === undefined) router.connect(first.text)
  else if (first !== undefined) await search.setText(right.map(({ text }) => text).join('\n'), true)
  else if (wrong === null) say({ tag: 'no-code' })
  else if (wrong.kind === 'other') router.connect(wrong.text)
  else say({ tag: 'wrong', found: wrong })
}

/** The connection links in the codes of the pictures, each once; null: cancelled. Connects to nothing. */
export async function linksInPictures(
  services: Services,
  files: readonly File[],
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const read = await readAloud(services, files, signal)
  if (read === null) return null
  if (!read.ok) return []
  const { right } = await new Judge(services.host, 'link').judge(read.codes.map(({ text }) => text))
  return right.map(({ text }) => text)
}

/** Null: cancelled. */
async function readAloud(
  { toasts }: Services,
  files: readonly File[],
  signal?: AbortSignal,
): Promise<PictureRead | null> {
  const reader = new CodeReader()
  const reading = new AbortController()
  signal?.addEventListener('abort', () => reading.abort(), { once: true })
  let toast: number | null = null
  const timer = setTimeout(() => {
    toast = toasts.show({
      text: t('scan.reading.picture'),
      mark: 'busy',
      action: { label: t('scan.cancel'), run: () => reading.abort() },
    })
  }, SAID_AFTER_MS)
  const read = await readPictures(reader, files, reading.signal)
  clearTimeout(timer)
  if (toast !== null) toasts.dismiss(toast)
  reader.close()
  return reading.signal.aborted ? null : read
}
