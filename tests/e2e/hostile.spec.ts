import { endAll, until } from '../tools/programs.ts'
import { contactNamed, receivedTexts } from '../tools/people.ts'
import { makeAddress, toChats } from './address-steps.ts'
import { type Asker, asker, askManyTimes } from './askers.ts'
import { agree, type HostKind, type Person } from './person.ts'
import {
  alert,
  connect,
  dialogOf,
  dismiss,
  expectConnected,
  firstRun,
  invite,
  openCode,
  openRow,
  pasteInSearch,
  rows,
  send,
  texts,
} from './steps.ts'
import { expect, test, type World } from './world.ts'

test.afterAll(endAll)

/** One pixel. */
const PICTURE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

for (const kind of ['browser', 'electron'] satisfies HostKind[])
  test(`J5 in ${kind}: swapped, reused, stolen, damaged and malformed links, a hostile profile and a flood`, async ({
    world,
  }) => {
    test.slow() // two windows, a man in the middle and a crowd
    const alice = await world.person('Alice', kind)
    const bob = await world.person('Bob', kind)
    await firstRun(alice)
    await firstRun(bob)
    const link = await test.step('VER-7, S26: the link is swapped; they talk, and the codes differ', () =>
      swapped(world, alice, bob))

    await test.step('PLN-1 U, INV-2: the link that Alice made is used up by whoever swapped it', async () => {
      await pasteInSearch(bob, link)
      await expect(alert(bob, 'U')).toContainText('opened by someone else first')
      await dismiss(bob, 'U')
    })

    const crowd = await asker(world, 'Crowd')
    await test.step('S23: claimed first by a third person, Bob gets plan U, and Alice sees that it was opened', async () => {
      const stolen = await invite(alice, 'Stolen')
      expect((await crowd.core.call('connection.plan', { link: stolen })).status).toBe('new')
      await pasteInSearch(bob, stolen)
      await expect(alert(bob, 'U')).toBeVisible()
      await dismiss(bob, 'U')
      await expect(rows(bob)).toHaveCount(1)
      if (kind === 'electron') return
      // The relay is asked at most once a minute, and after a start.
      await alice.stop()
      await alice.start()
      await rows(alice, 'pending').click()
      await agree(rows(alice, 'pending')).toHaveAttribute('data-state', 'opened')
    })

    await test.step('PLN-1 I: what is malformed, or is not what its link stands for, is named and not used', async () => {
      const { link: theirs } = await crowd.core.call('invitation.create', {})
      // simplex:/i#id/key?relay: the same id, and not the key that its data is sealed with
      const damaged = theirs.replace(/(#[^/]+\/)[\w-]{8}/, '$1AAAAAAAA')
      for (const text of [theirs.slice(0, -30), 'duplex:/nonsense?<b>', damaged]) {
        await pasteInSearch(bob, text)
        await expect(alert(bob, 'I')).toBeVisible()
        await expect(alert(bob, 'I').locator('b, img, a')).toHaveCount(0)
        await dismiss(bob, 'I')
      }
      await expect(rows(bob)).toHaveCount(1)
    })

    await test.step('CON-3, CON-4: profiles that would like to be more than text', () =>
      hostileProfiles(crowd, bob))

    await test.step('S24: a flood is named, nothing is deleted by itself, and the chat goes on', async () => {
      const address = await makeAddress(alice)
      await toChats(alice)
      // More than thirty that wait are a flood, however slowly they came.
      await askManyTimes(crowd, address, 31)
      const folded = alice.page.locator('[data-kind="requests"]')
      await agree(folded).toContainText('Requests (31)')
      await folded.click()
      const list = alice.page.getByTestId('request-list')
      await agree(list).toContainText('Many people ask at once.')
      await list.getByRole('checkbox', { name: 'Select all' }).click()
      await list.getByTestId('requests-reject').click()
      await agree(list).toBeHidden()
      await openRow(alice, 'Bob')
      await send(alice, 'still here')
    })
  })

/** A process that replaces the link and passes everything on: Bob to Alice, Alice to Bob. Answers Alice's link. */
async function swapped(world: World, alice: Person, bob: Person): Promise<string> {
  const [toAlice, toBob] = [await asker(world, 'Bob'), await asker(world, 'Alice')]
  const link = await invite(alice, 'Bob')
  await toAlice.core.call('connection.connect', { link })
  await connect(bob, (await toBob.core.call('invitation.create', {})).link)
  await expectConnected(alice, bob)
  await openRow(alice, 'Bob')
  await send(alice, 'Is that you, Bob?')
  const heard = await contactNamed(toAlice, 'Alice')
  const [words] = await until(async () => {
    const all = await receivedTexts(toAlice, heard.contactId)
    return all.length > 0 && all
  })
  const { contactId } = await contactNamed(toBob, 'Bob')
  await toBob.core.call('message.send', { contactId, text: words! })
  await agree(texts(bob, 'in')).toHaveText(['Is that you, Bob?'])
  const codes = [await openCode(alice), await openCode(bob)]
  expect(codes[0]).toMatch(/^\d{5} /)
  expect(codes[1]).not.toBe(codes[0])
  await alice.page.getByTestId('verify-paste').fill(codes[1]!)
  await alice.page.getByTestId('verify-compare').click()
  await expect(alice.page.getByTestId('verify-paste')).toHaveAttribute('data-state', 'different')
  for (const { page } of [alice, bob]) await page.getByTestId('verify-back').click()
  for (const half of [toAlice, toBob]) await half.core.stop()
  return link
}

/** In a small window: name and picture are shown, what is no picture is none, and nothing of it acts or pushes buttons away. */
async function hostileProfiles(mallory: Asker, bob: Person): Promise<void> {
  const { page } = bob
  const size = page.viewportSize()
  if (size !== null) await page.setViewportSize({ width: 800, height: 600 })
  const markup = '<img src=x onerror=alert(1)>'
  const profiles = [
    { displayName: 'שלום'.repeat(12), fullName: '<b>bold</b>', image: PICTURE },
    { displayName: markup, description: `<a href="javascript:alert(1)">x</a> https://evil.example/` },
    { displayName: 'W'.repeat(50), image: 'data:image/png;base64,AAAA' },
  ]
  for (const { image, ...profile } of profiles) {
    await mallory.core.call('profile.create', { ...profile, ...(image !== undefined && { image }) })
    const { link } = await mallory.core.call('invitation.create', {})
    await pasteInSearch(bob, link)
    const dialog = dialogOf(bob)
    await expect(dialog).toContainText('As written in the link')
    for (const text of Object.values(profile)) await expect(dialog).toContainText(text)
    await expect(dialog.locator('b, a, script')).toHaveCount(0)
    const pictures = dialog.locator('img')
    await expect(pictures).toHaveCount(image === PICTURE ? 1 : 0)
    if (image === PICTURE) await expect(pictures).toHaveJSProperty('naturalWidth', 1)
    for (const name of [/^Connect as/, 'Cancel', 'Close'])
      await expect(dialog.getByRole('button', { name })).toBeInViewport({ ratio: 1 })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toHaveCount(0)
  }
  if (size !== null) await page.setViewportSize(size)
}
