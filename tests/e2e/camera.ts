import { chromium, type Browser } from '@playwright/test'
import { writeFileSync } from 'node:fs'
import { codeOf, paint, room, type Look, type Pose } from '../bench/qr/paint.ts'
import { blur, noise, seeded, type Grey } from '../bench/qr/pixels.ts'
import { quiet } from './playwright.config.ts'
import { rootSwitches } from './person.ts'

/** What a camera of this size sees: a room, and the codes of `texts` held into it, drawn as `look` says. */
export function cameraPicture(texts: readonly string[], width = 640, height = 480, look?: Look): Grey {
  const random = seeded(texts.length + 7)
  const image = room(width, height, random)
  const share = texts.length > 1 ? 0.62 : 0.82
  texts.forEach((text, at) => {
    const pose: Pose = {
      x: (width * (at + 0.5)) / texts.length,
      y: height / 2,
      size: Math.min(height, width / Math.max(1, texts.length)) * share,
      turn: 0.06,
      leanX: 0.06,
      leanY: -0.05,
    }
    paint(image, look === undefined ? codeOf(text) : codeOf(text, 'Q', look), pose, { dark: 25, light: 235 })
  })
  return noise(blur(image, 0.6), 3, random)
}

/** As Chromium takes it for a camera: YUV4MPEG2, 4:2:0, a few equal frames that it shows again and again. */
export function writeCamera(file: string, picture: Grey): void {
  writeFilm(file, [[picture, 3]])
}

/** The same with one picture after the other, each for so many frames of a thirtieth of a second. */
export function writeFilm(file: string, scenes: readonly (readonly [picture: Grey, frames: number])[]): void {
  const [[{ width, height }]] = scenes as [(typeof scenes)[number]]
  const colour = Buffer.alloc((width / 2) * (height / 2) * 2, 128)
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`)
  const frames = scenes.flatMap(([{ values }, count]) => {
    const luma = Buffer.from(Uint8ClampedArray.from(values))
    const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, colour])
    return Array.from({ length: count }, () => frame)
  })
  writeFileSync(file, Buffer.concat([head, ...frames]))
}

/** Switches of Chromium and Electron: a camera that shows the file. It is read anew at each start of the camera. */
export const fileCamera = (file: string): string[] => [
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${file}`,
]

/** So many cameras that show a test picture without a code. */
export const fakeCameras = (count: number): string[] => [
  `--use-fake-device-for-media-stream=device-count=${count}`,
]

/** A browser of its own: switches hold for the whole program. */
export function browserWith(switches: readonly string[]): Promise<Browser> {
  const executablePath = process.env['DUPLEX_CHROMIUM']
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...quiet, ...rootSwitches(), ...switches],
  })
}
