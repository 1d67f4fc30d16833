import { readFileSync } from 'node:fs'
import { befriend, card, firstRun, send, texts } from './steps.ts'
import type { Person } from './person.ts'
import { expect, test } from './world.ts'

/* The menu of the secondary button in the desktop window; a browser has its own. */

interface Held {
  menus: { label: string; enabled: boolean; click(): void }[][]
}

/** The system draws these menus where no test can press: they are held here, and an entry is pressed by its words. */
async function holdMenus({ main }: Person): Promise<void> {
  await main?.(({ Menu }) => {
    const held: Held = { menus: [] }
    ;(globalThis as { held?: Held }).held = held
    Menu.prototype.popup = function (this: Electron.Menu) {
      held.menus.push(this.items as never)
    }
  })
}

/** Labels of the menus that opened since the last look, those that cannot be pressed in brackets. */
async function opened({ main }: Person): Promise<string[][]> {
  const menus = await main?.(() => {
    const { menus: all } = (globalThis as { held?: Held }).held ?? { menus: [] }
    return all.map((items) => items.map((item) => (item.enabled ? item.label : `(${item.label})`)))
  })
  return menus ?? []
}

async function press(person: Person, label: string): Promise<void> {
  await person.main?.((_electron, wanted) => {
    const { menus = [] } = (globalThis as { held?: Held }).held ?? {}
    menus
      .at(-1)
      ?.find((item) => item.label === wanted)
      ?.click()
    menus.length = 0
  }, label)
}

async function menuAt(person: Person, at: ReturnType<Person['page']['locator']>): Promise<string[]> {
  await at.click({ button: 'right' })
  await expect.poll(async () => (await opened(person)).length).toBe(1)
  return (await opened(person))[0]?.filter((label) => label !== '') ?? []
}

test('fields have cut, copy, paste and select all; selected text and links can be copied; no link is opened', async ({
  world,
}) => {
  const alice = await world.person('Alice', 'electron')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await befriend(alice, bob)
  await send(bob, 'see https://example.org/page and write soon')
  await expect(texts(alice, 'in')).toHaveCount(1)
  await holdMenus(alice)
  const { page } = alice
  const composer = page.getByTestId('composer')
  await alice.writeClipboard('pasted words')

  await composer.focus()
  expect(await menuAt(alice, composer)).toEqual(['(Cut)', '(Copy)', 'Paste', '(Select all)'])
  await press(alice, 'Paste')
  await expect(composer).toHaveValue('pasted words')
  expect(await menuAt(alice, composer)).toContain('Select all')
  await press(alice, 'Select all')
  await expect
    .poll(() => composer.evaluate((field: HTMLTextAreaElement) => field.selectionEnd - field.selectionStart))
    .toBe('pasted words'.length)
  await alice.writeClipboard('')
  expect(await menuAt(alice, composer)).toEqual(['Cut', 'Copy', '(Paste)', 'Select all'])
  await press(alice, 'Cut')
  await expect(composer).toHaveValue('')
  expect(await alice.readClipboard()).toBe('pasted words')

  const search = page.getByTestId('chat-search')
  await search.focus()
  expect(await menuAt(alice, search)).toContain('Paste')
  await press(alice, 'Paste')
  await expect(search).toHaveValue('pasted words')
  await search.fill('')

  const message = texts(alice, 'in')
  await message.click({ clickCount: 3 })
  expect(await menuAt(alice, message)).toEqual(['Copy'])
  await press(alice, 'Copy')
  await expect.poll(() => alice.readClipboard()).toContain('https://example.org/page')

  await page.getByTestId('new-chat').click()
  await expect(card(alice)).toHaveAttribute('data-state', 'unused')
  const link = page.getByTestId('invite-link')
  await link.focus()
  expect(await menuAt(alice, link)).toEqual(['Copy', 'Select all'])
  await press(alice, 'Copy')
  await expect.poll(() => alice.readClipboard()).toBe(await link.inputValue())
})

test('spelling is checked without asking anybody for a dictionary', async ({ world, folder }) => {
  const alice = await world.personWith('Alice', 'electron', { switches: ['--lang=en-US'] })
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await befriend(alice, bob)
  // what Chromium's part for the network is asked for, whether it leads anywhere or not
  const log = `${folder}/network.json`
  const on = await alice.main?.(async ({ BrowserWindow }, path) => {
    const session = BrowserWindow.getAllWindows()[0]?.webContents.session
    if (session === undefined) throw new Error('no window')
    await session.netLog.startLogging(path, { captureMode: 'everything' })
    // languages for which there is no dictionary here
    session.setSpellCheckerLanguages(['de', 'fr'])
    return session.isSpellCheckerEnabled()
  }, log)
  expect(on).toBe(true)
  await alice.page.getByTestId('composer').pressSequentially('teh wrogn wrods adn mroe ')
  await holdMenus(alice)
  await menuAt(alice, alice.page.getByTestId('composer'))
  await alice.main?.(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.session.netLog.stopLogging(),
  )
  const urls = readFileSync(log, 'utf8').match(/"(?:https?|wss?):\/\/[^"]+"/g) ?? []
  expect(urls).toEqual([])
})
