import { cameraPicture, fakeCameras, fileCamera, writeCamera } from './camera.ts'
import { agree, type HostKind } from './person.ts'
import { addProfile, confirm, expectConnected, firstRun, invite, rows } from './steps.ts'
import type { Look } from '../bench/qr/paint.ts'
import { change, blank } from '../bench/qr/pixels.ts'
import {
  chooseFile,
  codePicture,
  expectCheckOf,
  fileOf,
  note,
  openScanner,
  running,
  scanState,
  watchTracks,
} from './scanning.ts'
import { expect, test } from './world.ts'

/* The camera: flows.md 9. A file is the camera of Chromium and of Electron. */

for (const kind of ['browser', 'electron'] satisfies HostKind[]) {
  test(`SCN-1, CHL-1, J2 in ${kind}: an invitation held before the camera opens its confirmation, and the camera is off`, async ({
    world,
    folder,
  }) => {
    const alice = await world.person('Alice')
    const file = `${folder}/camera.y4m`
    writeCamera(file, cameraPicture([]))
    const bob = await world.personWith('Bob', kind, { switches: fileCamera(file), permissions: ['camera'] })
    await firstRun(alice)
    await firstRun(bob)
    writeCamera(file, cameraPicture([await invite(alice, 'Robert')], 1_280, 720))
    await watchTracks(bob)
    await openScanner(bob)
    await expect(bob.page.getByTestId('scan-start')).toBeFocused()
    expect(await running(bob)).toEqual([])
    await bob.page.getByTestId('scan-start').click()
    // how long it takes is measured by `npm run bench -- qr`
    await agree(bob.page.getByTestId('connect-dialog')).toBeVisible()
    expect(await running(bob)).toEqual(['ended'])
    await confirm(bob, 'Ally')
    await expectConnected(alice, bob)
    await expect(rows(bob, 'contact')).toContainText('Ally')
  })
}

for (const [name, look] of [
  ['dots alone', { dot: 0.8, finders: 'dots', logo: 0 }],
  ['dots, round corners and a picture in the middle', { dot: 0.85, finders: 'round', logo: 0.22 }],
] satisfies [string, Look][])
  test(`SCN-1: a code of round ${name} is read by the camera`, async ({ world, folder }) => {
    const alice = await world.person('Alice')
    const file = `${folder}/camera.y4m`
    writeCamera(file, cameraPicture([]))
    const bob = await world.personWith('Bob', 'browser', {
      switches: fileCamera(file),
      permissions: ['camera'],
    })
    await firstRun(alice)
    await firstRun(bob)
    const link = await invite(alice)
    for (const [width, height] of [
      [640, 480],
      [1_280, 720],
    ] as const) {
      writeCamera(file, cameraPicture([link], width, height, look))
      await openScanner(bob)
      await bob.page.getByTestId('scan-start').click()
      await expectCheckOf(bob, link)
    }
  })

test('SCN-11: the camera goes off with Stop, Escape, a click outside, another tab, a hidden window and another profile', async ({
  world,
  folder,
}) => {
  const file = `${folder}/camera.y4m`
  writeCamera(file, cameraPicture([]))
  const bob = await world.personWith('Bob', 'browser', {
    switches: fileCamera(file),
    permissions: ['camera'],
  })
  await firstRun(bob)
  await watchTracks(bob)
  const { page } = bob
  // The same person in a second tab, who changes to another profile there.
  const second = await page.context().newPage()
  const token = await page.evaluate(() => sessionStorage.getItem('duplex.token'))
  await second.goto(`${new URL(page.url()).origin}/#token=${token}`)
  await addProfile(second, 'Studio Bob')
  await expect(page.getByTestId('chats-empty')).toBeVisible()
  const leave: [string, () => Promise<unknown>][] = [
    [
      'another profile',
      () => second.getByTestId('profile-entry').getByRole('button', { name: 'Switch' }).click(),
    ],
    ['Stop', () => page.getByTestId('scanner-stop').click()],
    ['Escape', () => page.keyboard.press('Escape')],
    ['outside', () => page.mouse.click(5, 400)],
    ['another tab', () => page.getByRole('tab', { name: '1-time link' }).click()],
    [
      'hidden',
      () =>
        page.evaluate(() => {
          Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
          document.dispatchEvent(new Event('visibilitychange'))
          Reflect.deleteProperty(document, 'visibilityState')
        }),
    ],
  ]
  for (const [at, [, go]] of leave.entries()) {
    if (await page.getByTestId('new-chat-sheet').isHidden()) await openScanner(bob)
    await page.getByTestId('scan-start').click()
    await scanState(bob, 'live')
    expect((await running(bob)).at(-1)).toBe('live')
    await go()
    await expect.poll(() => running(bob)).toEqual(Array(at + 1).fill('ended'))
    if (at === 4) await page.getByRole('tab', { name: 'Connect' }).click()
  }
})

test('SCN-5: a mirrored and an unmirrored feed both decode; Mirror changes the picture only; several codes can be picked', async ({
  world,
  folder,
}) => {
  const alice = await world.person('Alice')
  await firstRun(alice)
  const links = [await invite(alice, 'One'), await invite(alice, 'Two')]
  const file = `${folder}/camera.y4m`
  writeCamera(file, cameraPicture([]))
  const bob = await world.personWith('Bob', 'browser', {
    switches: fileCamera(file),
    permissions: ['camera'],
  })
  await firstRun(bob)
  const { page } = bob
  const picture = cameraPicture([links[0]!], 1_280, 720)
  const mirrored = change(blank(1_280, 720), (_value, x, y) => picture.values[y * 1_280 + 1_279 - x] ?? 0)
  for (const feed of [picture, mirrored]) {
    writeCamera(file, feed)
    await openScanner(bob)
    await page.getByTestId('scan-start').click()
    await expectCheckOf(bob, links[0]!)
  }
  await openScanner(bob)
  await expect(page.getByTestId('scanner-video')).toHaveAttribute('data-mirror', 'true')
  await page.getByTestId('scan-mirror').click()
  await expect(page.getByTestId('scanner-video')).toHaveAttribute('data-mirror', 'false')
  await page.getByTestId('scan-start').click()
  await expectCheckOf(bob, links[0]!)

  await openScanner(bob)
  await chooseFile(bob, await fileOf(bob, cameraPicture(links, 1_280, 720)))
  await scanState(bob, 'choose')
  const choice = page.getByTestId('scanner-choice')
  await expect(choice).toContainText('2 codes in this picture')
  for (const link of links) await expect(choice).toContainText(link.slice(-8))
  await choice.getByRole('listitem').last().getByRole('button').click()
  await expect(page.getByTestId('connect-dialog')).toBeVisible()
})

test('SCN-2: without permission the scanner says where to give it, asks no second time, and every other way works', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.personWith('Bob', 'browser', { switches: fakeCameras(1) })
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice)
  const { page } = bob
  await watchTracks(bob)
  await openScanner(bob)
  await page.getByTestId('scan-start').click()
  await scanState(bob, 'denied')
  await expect(page.getByTestId('scanner')).toContainText('privacy settings')
  const asked = await page.evaluate(() => window.asked?.length)
  await page.getByRole('button', { name: 'Try again' }).click()
  await scanState(bob, 'denied')
  expect(await page.evaluate(() => window.asked?.length)).toBe(asked)
  await page.getByRole('button', { name: 'Paste link instead' }).click()
  await expect(page.getByTestId('connect-link')).toBeFocused()
  await chooseFile(bob, await fileOf(bob, codePicture(link, { size: 480 })))
  await expectCheckOf(bob, link)
})

test('SCN-3, NEW-3: without a camera the button says why it is disabled; every way is reached by Tab, in order', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.personWith('Bob', 'browser', { switches: fakeCameras(0), permissions: ['camera'] })
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice)
  const { page } = bob
  await openScanner(bob)
  const start = page.getByTestId('scan-start')
  await expect(start).toBeDisabled()
  await expect(start).toHaveAccessibleDescription('No camera is connected to this computer.')
  await page.getByTestId('connect-link').focus()
  const names: string[] = []
  for (let step = 0; step < 5; step += 1) {
    names.push(
      await page.evaluate(() => {
        const { dataset, textContent, tagName } = document.activeElement as HTMLElement
        return dataset['testid'] ?? `${tagName} ${textContent ?? ''}`
      }),
    )
    await page.keyboard.press('Tab')
  }
  expect(names).toEqual(['connect-link', 'BUTTON Paste', 'scan-start', 'scan-image', 'scan-drop'])
  await chooseFile(bob, await fileOf(bob, codePicture(link, { size: 480 })))
  await expectCheckOf(bob, link)
})

test('SCN-4: two cameras are listed, the choice stays, and the first ends before the second begins', async ({
  world,
}) => {
  const bob = await world.personWith('Bob', 'browser', { switches: fakeCameras(2), permissions: ['camera'] })
  await firstRun(bob)
  const { page } = bob
  await watchTracks(bob)
  await openScanner(bob)
  await page.getByTestId('scan-start').click()
  await scanState(bob, 'live')
  const chooser = page.getByTestId('scan-camera')
  await expect(chooser.locator('option')).toHaveCount(2)
  const second = await chooser.locator('option').last().getAttribute('value')
  await chooser.selectOption(second)
  await expect.poll(() => running(bob)).toEqual(['ended', 'live'])
  await scanState(bob, 'live')
  expect(await page.evaluate(() => window.asked)).toEqual(['', 'ended'])
  await page.keyboard.press('Escape')
  await openScanner(bob)
  await page.getByTestId('scan-start').click()
  await scanState(bob, 'live')
  await expect(chooser).toHaveValue(second ?? '')
  const used = await page.evaluate(() => window.tracks?.at(-1)?.getSettings().deviceId)
  expect(used).toBe(second)
})

test('a camera that is unplugged says so, and the picture of it ends', async ({ world }) => {
  const bob = await world.personWith('Bob', 'browser', { switches: fakeCameras(1), permissions: ['camera'] })
  await firstRun(bob)
  await watchTracks(bob)
  await openScanner(bob)
  await bob.page.getByTestId('scan-start').click()
  await scanState(bob, 'live')
  await bob.page.evaluate(() => window.tracks?.[0]?.dispatchEvent(new Event('ended')))
  await scanState(bob, 'unplugged')
  expect(await running(bob)).toEqual(['ended'])
  await expect(note(bob)).toBeEmpty()
})
