import type { Page } from '@playwright/test'
import { writeFileSync } from 'node:fs'
import { cameraPicture, fileCamera, writeCamera, writeFilm } from '../../e2e/camera.ts'
import {
  chooseFile,
  codePicture,
  codeSvg,
  fileOf,
  openScanner,
  scanner,
  scanState,
} from '../../e2e/scanning.ts'
import { firstRun, invite } from '../../e2e/steps.ts'
import { expect, test } from '../../e2e/world.ts'
import { emptySample, linkText, screenshot } from '../qr/corpus.ts'
import { seeded } from '../qr/pixels.ts'
import { quantile } from '../samples.ts'
import { longest, untilShown, watchThread } from './thread.ts'

/* SCN-6 and P12: how soon a link shows, and what the thread of the page does while codes are read beside it. */

const AIMING_MS = 5_000
const ANSWER = '[data-testid="plan-alert"], [data-testid="connect-dialog"]'
const COMES = 'bench-code-comes'
/** At 30 a second: long enough that the camera has begun and looks have been made. */
const EMPTY_FRAMES = 75
const FILMS = 9
const NO_CODE = '[data-testid="scanner-note"] span'

test('scanning', async ({ world, folder }) => {
  const camera = `${folder}/camera.y4m`
  writeCamera(camera, cameraPicture([], 1_280, 720))
  const bob = await world.personWith('Bob', 'browser', {
    switches: fileCamera(camera),
    permissions: ['camera'],
  })
  await firstRun(bob)
  const { page } = bob
  // an own link: its code leads to an answer at once, and nobody is asked
  const text = await invite(bob)
  const grab = screenshot(text, 3)
  const pictures: [name: string, file: string, data: Buffer, found: boolean][] = [
    ['screen of 3840x2160, PNG', 'grab.png', await fileOf(bob, grab), true],
    ['the same, JPEG', 'grab.jpg', await fileOf(bob, grab, 'image/jpeg'), true],
    ['code, SVG', 'code.svg', codeSvg(linkText(473, seeded(5))), true],
    ['code, PNG', 'code.png', await fileOf(bob, codePicture(text)), true],
    [
      '4000x3000 without a code',
      'none.png',
      await fileOf(bob, emptySample({ width: 4_000, height: 3_000 }, 4)),
      false,
    ],
  ]
  const read = await watchThread(page)
  for (const [name, file, data, found] of pictures) {
    await openScanner(bob)
    writeFileSync(`${folder}/${file}`, data)
    await read()
    const shown = await untilShown(page, 'change', found ? ANSWER : NO_CODE)
    await chooseFile(bob, `${folder}/${file}`)
    report(name, `${(await shown()).toFixed(0)} ms from the choice`, (await read()).tasks)
    await page.keyboard.press('Escape')
    await expect(scanner(bob)).toHaveCount(0)
  }

  await openScanner(bob)
  await page.getByTestId('scan-start').click()
  await scanState(bob, 'live')
  await read()
  await new Promise((resolve) => setTimeout(resolve, AIMING_MS))
  report('aiming, 1280x720', `${AIMING_MS} ms`, (await read()).tasks)
  await page.keyboard.press('Escape')

  const alice = await world.person('Alice')
  await firstRun(alice)
  const hers = await invite(alice)
  const times: number[] = []
  const tasks: number[] = []
  for (let film = 0; film < FILMS; film += 1) {
    // the gap between two looks is two frames: the code comes at either of them
    writeFilm(camera, [
      [cameraPicture([], 1_280, 720), EMPTY_FRAMES + film],
      [cameraPicture([hers], 1_280, 720), 60],
    ])
    await openScanner(bob)
    await read()
    const shown = await untilShown(page, COMES, ANSWER)
    await tellWhenSomethingComes(page)
    await page.getByTestId('scan-start').click()
    times.push(await shown())
    tasks.push(...(await read()).tasks)
    await expect(page.getByTestId('connect-dialog')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('connect-dialog')).toHaveCount(0)
    if ((await scanner(bob).count()) > 0) await page.keyboard.press('Escape')
    await expect(scanner(bob)).toHaveCount(0)
  }
  const ms = (part: number): string => `${quantile(times.slice(1), part).toFixed(0)} ms`
  report(
    'a code comes before it',
    `from the first frame with it ${times[0]!.toFixed(0)} ms the first time, then half in ${ms(0.5)}, all in ${ms(1)}`,
    tasks,
  )
})

/** Watches the middle of the live picture, a few pixels of each frame, and tells when it is no longer as it was. */
const tellWhenSomethingComes = (page: Page): Promise<void> =>
  page.getByTestId('scanner-video').evaluate((video, event) => {
    if (!(video instanceof HTMLVideoElement)) throw new Error('no video')
    let empty: number | null = null
    const look = async (): Promise<void> => {
      const frame = new VideoFrame(video)
      const rect = { x: 632, y: 352, width: 16, height: 16 }
      const bytes = new Uint8Array(frame.allocationSize({ rect }))
      await frame.copyTo(bytes, { rect })
      frame.close()
      const mean = bytes.subarray(0, 256).reduce((sum, value) => sum + value, 0) / 256
      empty ??= mean
      if (Math.abs(mean - empty) > 4) document.dispatchEvent(new Event(event))
      else video.requestVideoFrameCallback(() => void look())
    }
    video.requestVideoFrameCallback(() => void look())
  }, COMES)

const report = (name: string, took: string, tasks: readonly number[]): void =>
  console.log(`${name.padEnd(28)}  ${took}; ${longest(tasks)}`)
