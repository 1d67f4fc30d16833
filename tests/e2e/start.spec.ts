import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { launchElectron, type HostKind } from './person.ts'
import { startProgram, type Program } from './programs.ts'
import { expect, test } from './world.ts'

const kinds = ['browser', 'electron'] satisfies HostKind[]

interface Opened {
  page: Page
  end(): Promise<void>
}

/** A data folder as a first start leaves it. */
async function livedFolder(folder: string): Promise<string> {
  const dataDir = join(folder, 'lived')
  const core: Program = await startProgram(
    'headless.ts',
    ['--data', dataDir],
    'app.ready',
    `${folder}/core.log`,
  )
  core.child.stdin?.write('{"id":1,"method":"profile.create","params":{"displayName":"Ann"}}\n')
  core.child.stdin?.write('{"id":2,"method":"app.setOnboarding","params":{"step":"done"}}\n')
  core.child.stdin?.end()
  await new Promise((resolve) => core.child.once('exit', resolve))
  return dataDir
}

async function openOn(
  kind: HostKind,
  dataDir: string,
  folder: string,
  newPage: () => Promise<Page>,
): Promise<Opened> {
  if (kind === 'electron') {
    const app = await launchElectron(dataDir, [])
    return { page: await app.firstWindow(), end: () => app.close() }
  }
  const args = ['--browser', '--no-open', '--data', dataDir]
  const program = await startProgram('start.ts', args, 'host.ready', `${folder}/host.log`)
  const page = await newPage()
  await page.goto(String(program.ready['url']))
  return {
    page,
    async end() {
      await page.close()
      await program.stop()
    },
  }
}

const causes = [
  {
    name: 'a damaged database',
    spoil: (dir: string) => writeFileSync(join(dir, 'duplex.db'), 'nothing\n'),
    state: 'damaged',
    title: 'Part of your data cannot be read',
  },
  {
    name: 'an empty database',
    spoil: (dir: string) => truncateSync(join(dir, 'duplex.db')),
    state: 'damaged',
    title: 'Your database is empty',
  },
  {
    name: 'a missing database',
    spoil: (dir: string) => rmSync(join(dir, 'duplex.db')),
    state: 'damaged',
    title: 'Your database is missing',
  },
  {
    name: 'data of a newer Duplex',
    spoil: (dir: string) => {
      const db = new Database(join(dir, 'duplex.db'))
      db.exec(`INSERT INTO schema_migration VALUES (99990, 'later', 0)`)
      db.close()
    },
    state: 'newer',
    title: 'A newer Duplex used this data',
  },
]

for (const kind of kinds)
  for (const { name, spoil, state, title } of causes)
    test(`STA in ${kind}: ${name} has its page, and goes on without a restart once it is put right`, async ({
      folder,
      browser,
    }) => {
      const dataDir = await livedFolder(folder)
      const whole = join(folder, 'whole.db')
      cpSync(join(dataDir, 'duplex.db'), whole)
      spoil(dataDir)
      const spoilt = existsSync(join(dataDir, 'duplex.db')) ? readFileSync(join(dataDir, 'duplex.db')) : null
      const { page, end } = await openOn(kind, dataDir, folder, () => browser.newPage())
      const start = page.getByTestId('start')
      await expect(start).toHaveAttribute('data-state', state)
      await expect(page.getByRole('heading', { name: title })).toBeFocused()
      await expect(start).toContainText('Nothing was changed')
      await expect(start.getByText(dataDir)).toBeVisible()
      await expectAccessible(page, name)
      for (const scheme of ['light', 'dark'] as const)
        for (const size of [
          { width: 800, height: 600 },
          { width: 1_280, height: 800 },
        ]) {
          if (kind === 'browser') await page.setViewportSize(size)
          await page.emulateMedia({ colorScheme: scheme })
          await keep(page, `start-${kind}-${name.replaceAll(' ', '-')}-${scheme}-${size.width}`)
          expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
        }

      await page.getByText('Details', { exact: true }).click()
      await expect(page.getByText('duplex.db:')).toBeVisible()
      if (state !== 'newer') {
        await page.getByRole('button', { name: 'Try again' }).click()
        await expect(page.getByText('it is still so')).toBeVisible()
      }
      expect(
        existsSync(join(dataDir, 'duplex.db')) ? readFileSync(join(dataDir, 'duplex.db')) : null,
      ).toEqual(spoilt)
      if (state !== 'newer') {
        renameSync(whole, join(dataDir, 'duplex.db'))
        await page.getByRole('button', { name: 'Try again' }).click()
        await expect(page.getByTestId('chats-empty')).toBeVisible()
      }
      await end()
    })

/** For whoever wants to look at them. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env['DUPLEX_SHOTS']
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

test('STA in electron: a folder in use has its page, and the window takes over when it is free', async ({
  folder,
}) => {
  const dataDir = await livedFolder(folder)
  const other = await startProgram('headless.ts', ['--data', dataDir], 'app.ready', `${folder}/other.log`)
  const app = await launchElectron(dataDir, [])
  const page = await app.firstWindow()
  await expect(page.getByTestId('start')).toHaveAttribute('data-state', 'in-use')
  await expect(page.getByRole('heading', { name: 'Another Duplex uses this data' })).toBeFocused()
  await expectAccessible(page, 'in use')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('it is still so')).toBeVisible()
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await keep(page, `start-in-use-${scheme}`)
  }
  await other.stop()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByTestId('chats-empty')).toBeVisible()
  await app.close()
})

/** A disk of its own that can be filled, under the folder; false where this user may not mount one. */
function mountDisk(at: string): boolean {
  mkdirSync(at, { recursive: true })
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', at]).status === 0
}

for (const kind of kinds)
  test(`STA-4 in ${kind}: a disk that is full is said in a strip, what was read stays, and it goes when there is room`, async ({
    folder,
    browser,
  }) => {
    const disk = join(folder, 'disk')
    test.skip(process.platform !== 'linux' || !mountDisk(disk), 'needs the right to mount a small disk')
    try {
      const dataDir = join(disk, 'lived')
      cpSync(await livedFolder(folder), dataDir, { recursive: true })
      const filling = join(disk, 'filling')
      spawnSync('dd', ['if=/dev/zero', `of=${filling}`, 'bs=4k'])
      const { page, end } = await openOn(kind, dataDir, folder, () => browser.newPage())
      const strip = page.getByTestId('net-status')
      await expect(strip).toHaveAttribute('data-state', 'folder')
      await expect(strip).toContainText('The disk is full')
      await expect(page.getByTestId('chats-empty')).toBeVisible()
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme })
        await keep(page, `start-strip-${kind}-${scheme}`)
      }
      await strip.getByRole('button', { name: 'Try again' }).click()
      await expect(strip).toHaveAttribute('data-state', 'folder')
      rmSync(filling)
      await expect(strip).toBeHidden()
      await expect(page.getByTestId('chats-empty')).toBeVisible()
      await end()
    } finally {
      spawnSync('umount', ['-l', disk])
    }
  })

for (const kind of kinds)
  test(`STA-4 in ${kind}: a folder that may not be written has its page, and the window has its own files elsewhere`, async ({
    folder,
    browser,
  }) => {
    const disk = join(folder, 'disk')
    test.skip(process.platform !== 'linux' || !mountDisk(disk), 'needs the right to mount a small disk')
    try {
      const dataDir = join(disk, 'lived')
      cpSync(await livedFolder(folder), dataDir, { recursive: true })
      const mount = (how: string) => spawnSync('mount', ['-o', `remount,${how}`, disk]).status
      expect(mount('ro')).toBe(0)
      const { page, end } = await openOn(kind, dataDir, folder, () => browser.newPage())
      await expect(page.getByTestId('start')).toHaveAttribute('data-state', 'read-only')
      await expect(
        page.getByRole('heading', { name: 'Your data folder may not be written to' }),
      ).toBeFocused()
      await keep(page, `start-read-only-${kind}`)
      expect(mount('rw')).toBe(0)
      await page.getByRole('button', { name: 'Try again' }).click()
      await expect(page.getByTestId('chats-empty')).toBeVisible()
      await end()
    } finally {
      spawnSync('umount', ['-l', disk])
    }
  })

test('STA in electron: a file in the place of the folder has its page', async ({ folder }) => {
  const dataDir = join(folder, 'file')
  writeFileSync(dataDir, 'mine\n')
  const app = await launchElectron(dataDir, [])
  const page = await app.firstWindow()
  await expect(page.getByRole('heading', { name: 'Your data folder is not there' })).toBeFocused()
  await expect(page.getByText(dataDir)).toBeVisible()
  await keep(page, 'start-no-folder')
  expect(readFileSync(dataDir, 'utf8')).toBe('mine\n')
  await app.close()
})

test('STA in electron: starting with nothing begins in a new folder and leaves the old one as it is', async ({
  folder,
}) => {
  const dataDir = await livedFolder(folder)
  writeFileSync(join(dataDir, 'duplex.db'), 'nothing\n')
  process.env['DUPLEX_STARTER'] = 'yes'
  const app = await launchElectron(dataDir, []).finally(() => delete process.env['DUPLEX_STARTER'])
  let said = ''
  app.process().stdout?.on('data', (text: Buffer) => (said += String(text)))
  const page = await app.firstWindow()
  await page.getByRole('button', { name: 'Start with nothing…' }).click()
  const question = page.getByTestId('start-fresh')
  await expect(question).toContainText(`${dataDir}-2`)
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await keep(page, 'start-electron-fresh')
  const closed = new Promise((resolve) => app.process().once('close', resolve))
  // The page may be gone before the press is answered.
  await question
    .getByRole('button', { name: 'Start in the new folder' })
    .click()
    .catch(() => undefined)
  expect(await closed).toBe(0)
  // What started the program starts it again, on this folder.
  expect(said).toContain(JSON.stringify({ event: 'host.again', data: { dataDir: `${dataDir}-2` } }))
  expect(readFileSync(join(dataDir, 'duplex.db'), 'utf8')).toBe('nothing\n')
  const again = await launchElectron(`${dataDir}-2`, [])
  await expect((await again.firstWindow()).getByTestId('onb-welcome')).toBeVisible()
  await again.close()
})

test('the address of the browser host opens once; the tab that used it goes on after a reload', async ({
  folder,
  browser,
}) => {
  const args = ['--browser', '--no-open', '--data', join(folder, 'data')]
  const program = await startProgram('start.ts', args, 'host.ready', `${folder}/host.log`)
  const address = String(program.ready['url'])
  const page = await browser.newPage()
  await page.goto(address)
  await expect(page.getByTestId('onb-welcome')).toBeVisible()
  expect(page.url()).not.toContain('token')
  await page.reload()
  await expect(page.getByTestId('onb-welcome')).toBeVisible()

  const stranger = await browser.newPage()
  await stranger.goto(address)
  await expect(stranger.getByTestId('start')).toHaveAttribute('data-state', 'refused')
  await expect(stranger.getByRole('heading', { name: 'This address opens Duplex no more' })).toBeFocused()
  await expectAccessible(stranger, 'refused')
  await keep(stranger, 'start-refused')
  // The tab that is in takes no harm from its own address either.
  await page.goto(`${new URL(address).origin}/?again${new URL(address).hash}`)
  await expect(page.getByTestId('onb-welcome')).toBeVisible()
  await page.close()
  await stranger.close()
  await program.stop()
})
