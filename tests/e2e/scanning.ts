import { codeOf, paint } from '../bench/qr/paint.ts'
import { blank, change, toPixels, type Grey, type Pixels } from '../bench/qr/pixels.ts'
import { drawQr } from '../../renderer/ui/qr-path.ts'
import type { Person } from './person.ts'
import { expect } from './world.ts'

/* What people do at the scanner, and the pictures that they give it. */

export const scanner = (person: Person) => person.page.getByTestId('scanner')
export const note = (person: Person) => person.page.getByTestId('scanner-note')
export const scanState = (person: Person, tag: string) =>
  expect(scanner(person)).toHaveAttribute('data-state', tag)

export async function openScanner({ page }: Person): Promise<void> {
  await page.getByTestId('search-scan').click()
  await expect(page.getByTestId('scan-start')).toBeVisible()
}

/** A code on a white page, `turn` quarter turns round, `size` pixels large. */
export function codePicture(
  text: string,
  options: { size?: number; turn?: number; inverted?: boolean } = {},
): Grey {
  const { size = 300, turn = 0, inverted = false } = options
  const image = change(blank(size + 60, size + 60), () => (inverted ? 0 : 255))
  const middle = (size + 60) / 2
  const pose = { x: middle, y: middle, size, turn: turn * (Math.PI / 2), leanX: 0, leanY: 0 }
  paint(image, codeOf(text), pose, inverted ? { dark: 255, light: 0 } : { dark: 0, light: 255 })
  return image
}

/** The same as a drawing, without paper. */
export function codeSvg(text: string): Buffer {
  const { side, path } = drawQr(text)
  const head = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}"`
  return Buffer.from(`<svg ${head}><path d="${path}"/></svg>`)
}

type FileKind = 'image/png' | 'image/jpeg' | 'image/webp'

/** The picture as a file of that kind, made by the browser. */
export async function fileOf(
  person: Person,
  image: Grey | Pixels,
  kind: FileKind = 'image/png',
): Promise<Buffer> {
  const { width, height, data } = 'data' in image ? image : toPixels(image)
  const grey = Buffer.from(data.filter((_, at) => at % 4 === 0))
  const made = await person.page.evaluate(
    async ([base64, w, h, type]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      const pixels = new Uint8ClampedArray(w * h * 4).fill(255)
      bytes.forEach((value, at) => pixels.fill(value, at * 4, at * 4 + 3))
      const canvas = new OffscreenCanvas(w, h)
      canvas.getContext('2d')?.putImageData(new ImageData(pixels, w, h), 0, 0)
      const blob = await canvas.convertToBlob({ type })
      return new Promise<string>((resolve) => {
        const reader = new FileReader()
        reader.addEventListener('load', () => resolve(String(reader.result).split(',')[1] ?? ''))
        reader.readAsDataURL(blob)
      })
    },
    [grey.toString('base64'), width, height, kind] as const,
  )
  return Buffer.from(made, 'base64')
}

export async function chooseFile(
  person: Person,
  file: Buffer | string,
  name = 'code.png',
  mimeType = 'image/png',
): Promise<void> {
  const given = typeof file === 'string' ? file : { name, mimeType, buffer: file }
  await person.page.getByTestId('scan-file').setInputFiles(given)
}

export interface GivenFile {
  name: string
  type: string
  bytes: Buffer
}

const filesOf = (what: { file: Buffer } | { files: readonly GivenFile[] }): readonly GivenFile[] =>
  'files' in what ? what.files : [{ name: 'code.png', type: 'image/png', bytes: what.file }]

/** Lets go of files or of text over an element, as the system hands it to the page. */
export async function drop(
  person: Person,
  testId: string,
  what: { file: Buffer } | { text: string } | { files: readonly GivenFile[] },
): Promise<void> {
  const data = await person.page.evaluateHandle(
    (given) => {
      const transfer = new DataTransfer()
      if ('text' in given) transfer.setData('text/plain', given.text)
      else
        for (const { base64, name, type } of given.files) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
          transfer.items.add(new File([bytes], name, { type }))
        }
      return transfer
    },
    'text' in what
      ? what
      : { files: filesOf(what).map(({ bytes, ...rest }) => ({ ...rest, base64: bytes.toString('base64') })) },
  )
  await person.page.dispatchEvent(`[data-testid="${testId}"]`, 'dragover', { dataTransfer: data })
  await person.page.dispatchEvent(`[data-testid="${testId}"]`, 'drop', { dataTransfer: data })
}

/** Puts a PNG on the clipboard of the page. */
export async function copyPicture(person: Person, file: Buffer): Promise<void> {
  await person.page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const item = new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })
    await navigator.clipboard.write([item])
  }, file.toString('base64'))
}

/** The check of the link opens; Cancel leads back. */
export async function expectCheckOf(person: Person, link: string): Promise<void> {
  const dialog = person.page.getByTestId('connect-dialog')
  await expect(dialog.getByTestId('connect-text')).toHaveValue(link)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
}

/** Remembers every track that the page gets, so that what runs can be asked. */
export async function watchTracks({ page }: Person): Promise<void> {
  await page.evaluate(() => {
    const tracks: MediaStreamTrack[] = []
    const asked: string[] = []
    Object.assign(window, { tracks, asked })
    for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
      const real = navigator.mediaDevices[name].bind(navigator.mediaDevices)
      navigator.mediaDevices[name] = async (wanted?: object) => {
        asked.push(tracks.map((track) => track.readyState).join(' '))
        const stream = await real(wanted)
        tracks.push(...stream.getTracks())
        return stream
      }
    }
  })
}

declare global {
  interface Window {
    tracks?: MediaStreamTrack[]
    /** At each time that a stream was asked for: what the tracks before it did. */
    asked?: string[]
  }
}

export const running = ({ page }: Person): Promise<string[]> =>
  page.evaluate(() => (window.tracks ?? []).map((track) => track.readyState))
