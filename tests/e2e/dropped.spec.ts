import { expectAccessible } from './accessible.ts'
import { type HostKind } from './person.ts'
import { codePicture, copyPicture, drop, expectCheckOf, fileOf, type GivenFile } from './scanning.ts'
import { befriend, firstRun, invite, texts } from './steps.ts'
import { expect, test } from './world.ts'

/* What is dropped or pasted on an open conversation gets an answer (SCN-8, flows 13), and the window goes nowhere (DSK-6). */

for (const kind of ['browser', 'electron'] satisfies HostKind[])
  test(`a picture, a file, a link and a text on a conversation, in ${kind}: what can be done with each is said and done`, async ({
    world,
  }) => {
    const alice = await world.person('Alice')
    const bob = await world.person('Bob', kind)
    await firstRun(alice)
    await firstRun(bob)
    await befriend(alice, bob)
    const link = await invite(alice, 'Another')
    const other = await invite(alice, 'One more')
    const { page } = bob
    const before = page.url()
    const composer = page.getByTestId('composer')
    const answer = page.getByTestId('conversation-offered')
    const code = await fileOf(bob, codePicture(link, { size: 480 }))
    const second = await fileOf(bob, codePicture(other, { size: 480 }))
    const plain: GivenFile = {
      name: 'holiday.png',
      type: 'image/png',
      bytes: await fileOf(bob, codePicture('x')),
    }
    const paper: GivenFile = { name: 'paper.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7 x') }
    await composer.fill('half a sentence')

    await test.step('a picture with the code of a link: it can be looked at', async () => {
      await drop(bob, 'conversation', { file: code })
      await expect(answer).toHaveAttribute('data-state', 'link')
      await expect(answer).toContainText('cannot send pictures or files yet')
      await expectAccessible(page, 'the answer to a picture')
      await answer.getByRole('button', { name: 'Look at the link' }).click()
      await expectCheckOf(bob, link)
      await expect(answer).toHaveCount(0)
    })
    await test.step('two of them: one is chosen', async () => {
      const files = [code, second].map((bytes, at) => ({ name: `${at}.png`, type: 'image/png', bytes }))
      await drop(bob, 'conversation', { files })
      await answer.getByRole('button', { name: 'Choose a link' }).click()
      await expect(page.getByTestId('link-chooser').getByRole('button')).toHaveCount(2)
      await page.getByTestId('chat-search').press('Escape')
    })
    await test.step('pictures without one, files of another kind, several: none is sent, and it says so', async () => {
      for (const files of [[plain], [paper], [plain, paper, plain]]) {
        await drop(bob, 'conversation', { files })
        await expect(answer).toHaveAttribute('data-state', 'files')
        await expect(answer).toContainText(files.length === 1 ? 'It was not sent' : 'None of the 3 was sent')
        await answer.getByRole('button', { name: 'Close' }).click()
        await expect(answer).toHaveCount(0)
      }
    })
    await test.step('the same by the clipboard, in the field and beside it', async () => {
      await copyPicture(bob, code)
      await composer.press('ControlOrMeta+V')
      await expect(answer).toHaveAttribute('data-state', 'link')
      await answer.getByRole('button', { name: 'Close' }).click()
      await page.getByTestId('pane-title').click()
      await page.keyboard.press('ControlOrMeta+V')
      await expect(answer).toHaveAttribute('data-state', 'link')
      await answer.getByRole('button', { name: 'Close' }).click()
    })
    await test.step('text and links go into the message, and nothing is sent', async () => {
      await expect(composer).toHaveValue('half a sentence')
      await drop(bob, 'conversation', { text: link })
      await expect(composer).toHaveValue(`half a sentence ${link}`)
      await expect(composer).toBeFocused()
      await drop(bob, 'conversation', { text: 'file:///home/bob/paper.pdf' })
      await expect(answer).toHaveAttribute('data-state', 'files')
      await expect(composer).toHaveValue(`half a sentence ${link}`)
    })
    expect(page.url()).toBe(before)
    await expect(texts(bob)).toHaveCount(0)
  })

test('what hovers over a conversation shows where it would go; beside a chat and on an empty pane pictures lead to their link', async ({
  world,
}) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  const link = await invite(alice)
  const { page } = bob
  const code = await fileOf(bob, codePicture(link, { size: 480 }))
  await drop(bob, 'chats-empty', { file: code })
  await expectCheckOf(bob, link)
  await copyPicture(bob, code)
  await page.getByTestId('chats-empty').locator('h1').click()
  await page.keyboard.press('ControlOrMeta+V')
  await expectCheckOf(bob, link)

  await befriend(alice, bob)
  const hover = (type: string, relatedTarget: string | null): Promise<void> =>
    page.evaluate(
      ([name, to]) => {
        const at = document.querySelector('[data-testid="conversation"]')
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File(['x'], 'x.png', { type: 'image/png' }))
        const related = to === null ? null : document.querySelector(to)
        at?.dispatchEvent(
          new DragEvent(name!, { bubbles: true, cancelable: true, dataTransfer, relatedTarget: related }),
        )
      },
      [type, relatedTarget] as const,
    )
  const target = page.getByTestId('conversation-drop')
  await hover('dragover', null)
  await expect(target).toBeVisible()
  await expect(target).toContainText('cannot be sent yet')
  await hover('dragleave', '[data-testid="composer"]')
  await expect(target).toBeVisible()
  await hover('dragleave', null)
  await expect(target).toHaveCount(0)
})

test('where nothing can be written, text that is dropped is not lost without a word', async ({ world }) => {
  const alice = await world.person('Alice')
  const bob = await world.person('Bob')
  await firstRun(alice)
  await firstRun(bob)
  await befriend(alice, bob)
  await bob.page.getByRole('button', { name: 'More about this chat' }).click()
  await bob.page.getByRole('menuitem', { name: /Delete contact/ }).click()
  await bob.page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Delete/ })
    .click()
  await expect(alice.page.getByTestId('composer')).toHaveCount(0)
  await drop(alice, 'conversation', { text: 'are you there?' })
  await expect(alice.page.getByTestId('conversation-offered')).toHaveAttribute('data-state', 'blocked')
})
