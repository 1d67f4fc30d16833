import AxeBuilder from '@axe-core/playwright'
import Database from 'better-sqlite3'
import jsQR from 'jsqr'
import { join } from 'node:path'
import { PNG } from './png.ts'
import type { Person } from './person.ts'
import { meetTwo, openCode, openRow, rows, send, texts } from './steps.ts'
import { expect, test } from './world.ts'

const screen = (person: Person) => person.page.getByTestId('verify-screen')
const status = (person: Person) => person.page.getByTestId('verify-status')
const field = (person: Person) => person.page.getByTestId('verify-paste')
const marks = (person: Person) => person.page.getByTestId('verified-mark')

/** As if everybody had been met two days earlier; only while the program does not run. */
function twoDaysAgo(person: Person): void {
  const db = new Database(join(person.dataDir, 'duplex.db'))
  db.exec('UPDATE chat_contact SET created_at = created_at - 172800000')
  db.exec('UPDATE chat_connection_step SET at = at - 172800000')
  db.close()
}

async function compare(person: Person, text: string): Promise<void> {
  await field(person).fill(text)
  await person.page.getByTestId('verify-compare').click()
}

test('VER-1, VER-3, VER-4, VER-5, VER-8, VER-9, VER-10: the code from both sides, and what comes of comparing it', async ({
  world,
}) => {
  test.slow() // three people, a restart, and every way to compare
  const [alice, bob, carol] = await meetTwo(world)
  const { page } = alice
  const others = await openCode(carol)
  await openRow(alice, 'Bob')
  const mine = await openCode(alice)

  await test.step('VER-1: both see the same digits, words and QR code; another pair sees others', async () => {
    const theirs = await openCode(bob)
    expect(mine).toBe(theirs)
    expect(mine).toMatch(/^\d{5}( \d{5})+( \d{1,4})?$/)
    expect(others).not.toBe(mine)
    await expect(status(alice)).toHaveAttribute('data-state', 'unverified')
    const png = PNG(await page.getByTestId('verify-qr').screenshot({ scale: 'device' }))
    expect(jsQR(png.pixels, png.width, png.height)?.data).toBe(mine)
    await page.getByTestId('verify-copy').click()
    await expect.poll(() => alice.readClipboard()).toBe(mine)
  })

  await test.step('VER-9: the digits are spoken one by one, in rows; the words are equal on both sides', async () => {
    const spoken = [...(mine.split(' ')[0] ?? '')].join(' ')
    await expect(page.getByTestId('verify-code')).toContainText(`Row A: ${spoken}, `)
    for (const person of [alice, bob]) await person.page.getByTestId('verify-form').click()
    const words = await page.getByTestId('verify-words').getAttribute('data-code')
    expect(words?.split(' ')).toHaveLength(24)
    await expect(bob.page.getByTestId('verify-words')).toHaveAttribute('data-code', words ?? '')
    await page.getByTestId('verify-form').click()
  })

  await test.step('nothing on the screen is in the way of anybody', async () => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  })

  await test.step('VER-3: the code of somebody else does not match, and what to do is said', async () => {
    await compare(alice, others)
    await expect(field(alice)).toHaveAttribute('data-state', 'different')
    await expect(screen(alice)).toContainText('choose “They do not match”')
    await expect(status(alice)).toHaveAttribute('data-state', 'unverified')
  })

  await test.step('VER-5: part of a code is incomplete; spaces and line breaks do not matter', async () => {
    await compare(alice, mine.slice(0, 50))
    await expect(field(alice)).toHaveAttribute('data-state', 'incomplete')
    await compare(alice, 'tomatoes')
    await expect(field(alice)).toHaveAttribute('data-state', 'not-a-code')
    await compare(alice, ` ${mine.replaceAll(' ', '').replace(/(\d{9})/g, '$1\n')} `)
    await expect(status(alice)).toHaveAttribute('data-state', 'verified')
    await expect(status(alice)).toContainText('pasted code compared')
    await expect(status(bob)).toHaveAttribute('data-state', 'unverified')
  })

  await test.step('VER-4: the shield stands in header, list and info, also after a restart', async () => {
    await page.keyboard.press('Escape')
    await expect(screen(alice)).toBeHidden()
    await page.getByTestId('open-info').click()
    await expect(marks(alice)).toHaveCount(3)
    await alice.stop()
    twoDaysAgo(alice)
    await alice.start()
    await openRow(alice, 'Bob')
    await expect(alice.page.getByTestId('verify-notice')).toHaveCount(0)
    await expect(rows(alice, 'contact').filter({ hasText: 'Bob' }).getByTestId('verified-mark')).toBeVisible()
    await expect(marks(alice)).toHaveCount(2)
    await openCode(alice)
    await alice.page.getByTestId('verify-clear').click()
    await alice.page.getByRole('button', { name: 'Cancel' }).click()
    await expect(status(alice)).toHaveAttribute('data-state', 'verified')
    await alice.page.getByTestId('verify-clear').click()
    await alice.page.getByRole('button', { name: 'Clear verification', exact: true }).click()
    await expect(status(alice)).toHaveAttribute('data-state', 'unverified')
    await expect(marks(alice)).toHaveCount(0)
  })

  await test.step('VER-10: who was not compared within a day is suggested once, and never after it was declined', async () => {
    const notice = alice.page.getByTestId('verify-notice')
    await alice.page.getByTestId('verify-back').click()
    await openRow(alice, 'Carol')
    await expect(notice).toHaveAttribute('data-state', 'suggested')
    await notice.getByRole('button', { name: 'Not needed' }).click()
    await expect(notice).toHaveCount(0)
    await expect(alice.page.getByTestId('composer')).toBeFocused()
    await openRow(alice, 'Bob')
    await openRow(alice, 'Carol')
    await expect(notice).toHaveCount(0)
    await openRow(alice, 'Bob')
    await openCode(alice)
  })

  await test.step('VER-4, VER-6: held messages wait, the composer says why; They match lets them go', async () => {
    await alice.page.getByTestId('verify-hold').click()
    await alice.page.getByTestId('verify-back').click()
    await expect(alice.page.getByTestId('hold-notice')).toContainText('waits on this computer')
    await send(alice, 'for your eyes')
    await openCode(alice)
    await alice.page.getByTestId('verify-match').click()
    await expect(status(alice)).toContainText('marked by hand')
    await bob.page.getByTestId('verify-back').click()
    await expect(texts(bob, 'in')).toHaveText(['for your eyes'])
  })

  await test.step('VER-8: a difference is explained, with words for another channel and the way out', async () => {
    await openCode(bob)
    await bob.page.getByTestId('verify-differ').click()
    const dialog = bob.page.getByTestId('verify-differ-dialog')
    await expect(dialog).toContainText('swapped')
    await dialog.getByRole('button', { name: 'Copy message' }).click()
    await expect.poll(() => bob.readClipboard()).toContain('security codes')
    await dialog.getByRole('button', { name: /^Delete contact/ }).click()
    await bob.page.getByRole('button', { name: 'Delete Alice and the chat' }).click()
    await expect(rows(bob)).toHaveCount(0)
  })
})
