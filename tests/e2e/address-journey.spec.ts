import { ask, makeAddress, peopleIn, requestRows, saveForm, toChats } from './address-steps.ts'
import { agree, type HostKind, type Person } from './person.ts'
import { alert, dismiss, openRow, pasteInSearch, rows, send, texts } from './steps.ts'
import { expect, test } from './world.ts'

for (const kind of ['browser', 'electron'] satisfies HostKind[]) {
  test(`J3, ADR-3, ADR-4, ADR-7 in ${kind}: everyone is let in with a welcome under a name of their own; deleted, all still talk and a fourth is refused`, async ({
    world,
  }) => {
    // five hosts and two restarts
    test.setTimeout(600_000)
    const [alice, ...peers] = (await peopleIn(kind, world, 'Alice', 'Bob', 'Carol', 'Dave')) as [
      Person,
      ...Person[],
    ]
    const link = await makeAddress(alice)
    await alice.page.getByTestId('addr-auto').click()
    await alice.page.getByTestId('addr-incognito').click()
    await alice.page.getByTestId('addr-welcome').fill('Welcome, newcomer')
    await saveForm(alice)
    await toChats(alice)

    const names: string[] = []
    for (const peer of peers) {
      await ask(peer, link)
      await agree(rows(peer, 'contact')).toHaveCount(1)
      await rows(peer, 'contact').click()
      await agree(texts(peer, 'in')).toHaveText(['Welcome, newcomer'])
      names.push(await peer.page.getByTestId('pane-title').innerText())
    }
    expect(new Set([...names, 'Alice']).size).toBe(4)
    await agree(rows(alice, 'contact')).toHaveCount(3)
    await expect(requestRows(alice)).toHaveCount(0)

    await test.step('both restart: the welcome stays one', async () => {
      const [bob] = peers as [Person]
      await alice.stop()
      await bob.stop()
      await alice.start()
      await bob.start()
      await rows(bob, 'contact').click()
      await expect(texts(bob, 'in')).toHaveText(['Welcome, newcomer'])
    })

    await test.step('the address is deleted, and nobody is lost', async () => {
      await alice.page.getByTestId('open-address').click()
      await alice.page.getByTestId('addr-delete').click()
      await alice.page
        .getByTestId('addr-delete-dialog')
        .getByRole('button', { name: 'Delete address' })
        .click()
      await expect(alice.page.getByTestId('addr-empty')).toBeVisible()
      await toChats(alice)
      for (const peer of peers) {
        await openRow(alice, peer.who)
        await send(alice, `to ${peer.who}`)
        await agree(texts(peer, 'in').last()).toHaveText(`to ${peer.who}`)
        await send(peer, `from ${peer.who}`)
        await agree(texts(alice, 'in').last()).toHaveText(`from ${peer.who}`)
      }
    })

    await test.step('a fourth is told that it no longer works', async () => {
      const [eve] = (await peopleIn(kind, world, 'Eve')) as [Person]
      // a short link is asked after first, so that nothing is sent
      await pasteInSearch(eve, link)
      await agree(alert(eve, 'P')).toBeVisible()
      await dismiss(eve, 'P')
      await expect(rows(eve)).toHaveCount(0)
    })
  })
}
