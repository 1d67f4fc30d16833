import { writeFileSync } from 'node:fs'
import { drawQr } from '../../../renderer/ui/qr-path.ts'
import { cameraPicture, fileCamera, writeCamera } from '../../e2e/camera.ts'
import { chooseFile, codePicture, fileOf, note, openScanner, scanner, scanState } from '../../e2e/scanning.ts'
import { alert, firstRun } from '../../e2e/steps.ts'
import { expect, test } from '../../e2e/world.ts'
import { emptySample, linkText, screenshot } from '../qr/corpus.ts'
import { seeded } from '../qr/pixels.ts'
import { longest, watchThread } from './thread.ts'

/* SCN-6: what the thread of the page does while codes are read beside it. */

const AIMING_MS = 5_000

test('scanning', async ({ world, folder }) => {
  const camera = `${folder}/camera.y4m`
  writeCamera(camera, cameraPicture([], 1_280, 720))
  const bob = await world.personWith('Bob', 'browser', {
    switches: fileCamera(camera),
    permissions: ['camera'],
  })
  await firstRun(bob)
  const { page } = bob
  const text = linkText(103, seeded(3))
  const { side, path } = drawQr(linkText(473, seeded(5)))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}"><path d="${path}"/></svg>`
  const grab = screenshot(text, 3)
  const pictures: [name: string, file: string, data: Buffer, found: boolean][] = [
    ['screen of 3840x2160, PNG', 'grab.png', await fileOf(bob, grab), true],
    ['the same, JPEG', 'grab.jpg', await fileOf(bob, grab, 'image/jpeg'), true],
    ['code, SVG', 'code.svg', Buffer.from(svg), true],
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
    const started = performance.now()
    await chooseFile(bob, `${folder}/${file}`)
    if (found)
      await expect(alert(bob, 'I').or(page.getByTestId('connect-dialog'))).toBeVisible({ timeout: 60_000 })
    else await expect(note(bob)).toContainText('No QR code was found', { timeout: 60_000 })
    const took = performance.now() - started
    const { tasks } = await read()
    console.log(`${name.padEnd(28)}  ${took.toFixed(0).padStart(6)} ms in all; ${longest(tasks)}`)
    await page.keyboard.press('Escape')
    await expect(scanner(bob)).toHaveCount(0)
  }

  await openScanner(bob)
  await page.getByTestId('scan-start').click()
  await scanState(bob, 'live')
  await read()
  await new Promise((resolve) => setTimeout(resolve, AIMING_MS))
  console.log(`${'aiming, 1280x720'.padEnd(28)}  ${AIMING_MS} ms; ${longest((await read()).tasks)}`)
  await page.keyboard.press('Escape')
  writeCamera(camera, cameraPicture([text], 1_280, 720))
  await openScanner(bob)
  const pressed = performance.now()
  await page.getByTestId('scan-start').click()
  await expect(alert(bob, 'I').or(page.getByTestId('connect-dialog'))).toBeVisible()
  const took = (performance.now() - pressed).toFixed(0).padStart(6)
  console.log(
    `${'a code before the camera'.padEnd(28)}  ${took} ms from the press; ${longest((await read()).tasks)}`,
  )
})
