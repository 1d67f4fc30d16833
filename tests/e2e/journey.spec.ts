import {
  befriend,
  card,
  connect,
  expectConnected,
  firstRun,
  invite,
  openRow,
  rows,
  send,
  states,
  texts,
} from './steps.ts'
import { agree, type HostKind } from './person.ts'
import { expect, test } from './world.ts'

const ten = (who: string): string[] => Array.from({ length: 10 }, (_, at) => `${who} says ${at + 1}`)

for (const kind of ['browser', 'electron'] satisfies HostKind[]) {
  test(`J1 in ${kind}: two fresh people connect by a one-time link, write, and find all of it after a restart`, async ({
    world,
  }) => {
    const alice = await world.person('Alice', kind)
    const bob = await world.person('Bob', kind)
    await test.step('ONB-1: a fresh folder shows the welcome', async () => {
      await expect(alice.page.getByTestId('onb-welcome')).toBeVisible()
      await firstRun(alice)
      await firstRun(bob)
    })
    await test.step('the link goes from the card to the search field of the other', async () => {
      const link = await invite(alice, 'Robert')
      expect(link).toMatch(/^(simplex:|https:\/\/)/)
      await connect(bob, link, 'Ally')
      await expectConnected(alice, bob)
    })
    await test.step('INV-4, CON-5: private names title the rows and stay', async () => {
      await expect(rows(alice, 'contact')).toContainText('Robert')
      await expect(rows(bob, 'contact')).toContainText('Ally')
      expect(await bob.page.content()).not.toContain('Robert')
      expect(await alice.page.content()).not.toContain('Ally')
      await openRow(alice, 'Robert')
    })
    await test.step('CHT-1: ten messages each way, in order, each delivered', async () => {
      await send(alice, ...ten('Alice'))
      await agree(texts(bob, 'in')).toHaveText(ten('Alice'))
      await send(bob, ...ten('Bob'))
      await agree(texts(alice, 'in')).toHaveText(ten('Bob'))
      await agree.poll(() => states(alice)).toEqual(Array(10).fill('delivered'))
      await agree.poll(() => states(bob)).toEqual(Array(10).fill('delivered'))
    })
    await test.step('everything restarts: nothing is lost, nothing comes twice', async () => {
      await alice.stop()
      await bob.stop()
      await world.relay.stop()
      await world.relay.start()
      await alice.start()
      await bob.start()
      await openRow(alice, 'Robert')
      await openRow(bob, 'Ally')
      await expect(texts(alice)).toHaveText([...ten('Alice'), ...ten('Bob')])
      await expect(texts(bob)).toHaveText([...ten('Alice'), ...ten('Bob')])
      await send(bob, 'still here')
      await agree(texts(alice, 'in').last()).toHaveText('still here')
    })
  })
}

test('CHT-2, STA-3: what is written while the relay is away waits, then arrives in order and once', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await befriend(alice, bob)
  await world.relay.stop()
  await expect(alice.page.getByTestId('net-status')).toBeVisible()
  await send(alice, 'one', 'two', 'three')
  await expect.poll(() => states(alice)).toEqual(['sending', 'sending', 'sending'])
  await world.relay.start()
  // It may come back by itself before the button is reached.
  const retry = alice.page.getByTestId('net-status').getByRole('button')
  await retry.click({ timeout: 2_000 }).catch(() => undefined)
  await agree(alice.page.getByTestId('net-status')).toBeHidden()
  await expect.poll(() => states(alice), { timeout: 30_000 }).toEqual(['delivered', 'delivered', 'delivered'])
  await expect(texts(bob, 'in')).toHaveText(['one', 'two', 'three'])
  await expect(rows(alice)).toHaveCount(1)
  await expect(rows(bob)).toHaveCount(1)
})

test('CON-7, PEN-3, PEN-5: written before the other is there, it waits, survives a restart and arrives in order', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice, 'Robert')
  await alice.stop()
  await connect(bob, link, 'Ally')
  await expect(rows(bob, 'contact')).toHaveCount(1)
  await send(bob, 'first', 'second', 'third')
  await expect(rows(bob, 'contact')).toContainText('third')
  const line = await rows(bob, 'contact').innerText()
  const rowId = await rows(bob, 'contact').getAttribute('data-row-id')

  await bob.stop()
  await bob.start()
  // The time of the row may have moved on; what it says about the connection may not.
  await expect(rows(bob, 'contact')).toContainText(line.split('\n').at(-1) ?? '')
  await expect(rows(bob, 'contact')).toHaveAttribute('data-row-id', rowId ?? '')
  await openRow(bob, 'Ally')
  await expect(texts(bob, 'out')).toHaveText(['first', 'second', 'third'])
  await bob.page.getByTestId('composer').focus()

  await alice.start()
  await expectConnected(alice, bob)
  await expect(rows(bob, 'contact')).toHaveAttribute('data-row-id', rowId ?? '')
  await expect(bob.page.getByTestId('composer')).toBeFocused()
  await expect.poll(() => bob.notifications()).toHaveLength(1)
  await openRow(alice, 'Robert')
  await agree(texts(alice, 'in')).toHaveText(['first', 'second', 'third'])
  await agree.poll(() => states(bob)).toEqual(['delivered', 'delivered', 'delivered'])
})

test('PEN-3: the row of an invitation becomes the contact in place, focus stays, one notification is raised', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice, 'Robert')
  const rowId = await rows(alice, 'pending').getAttribute('data-row-id')
  await rows(alice, 'pending').focus()
  await connect(bob, link)
  await expectConnected(alice, bob)
  await expect(rows(alice, 'contact')).toHaveAttribute('data-row-id', rowId ?? '')
  await expect(rows(alice, 'contact')).toBeFocused()
  await expect.poll(() => alice.notifications()).toHaveLength(1)
  await expect(card(alice)).toBeHidden()
})
