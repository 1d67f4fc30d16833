import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { allDelivered, connectPeople, person } from '../tools/people.ts'
import { endAll, startRelay, until } from '../tools/programs.ts'

afterAll(endAll)

function filesOf(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesOf(path) : [path]
  })
}

const isWritten = (folder: string, words: string): boolean =>
  filesOf(folder).some((path) => readFileSync(path).includes(words))

describe('what is deleted', () => {
  it('is gone from all files of both sides while the programs run: a chat, a draft, a contact, a rejected request', async () => {
    const relay = await startRelay()
    const [ann, bob] = [await person('Ann', [relay.address]), await person('Bob', [relay.address])]
    const { creatorsContact, joinersContact } = await connectPeople(ann, bob)
    const folders = [ann.dataDir, bob.dataDir]
    await bob.core.call('message.send', { contactId: joinersContact.contactId, text: 'petrichor zugzwang' })
    await allDelivered(bob, joinersContact.contactId, 1)
    await ann.core.call('chat.setDraft', {
      contactId: creatorsContact.contactId,
      text: 'quixotry in draft',
    })
    expect(folders.map((folder) => isWritten(folder, 'zugzwang'))).toEqual([true, true])
    expect(isWritten(ann.dataDir, 'quixotry')).toBe(true)

    await ann.core.call('chat.setDraft', { contactId: creatorsContact.contactId, text: null })
    await ann.core.call('chat.clear', { contactId: creatorsContact.contactId })
    await bob.core.call('contact.delete', { contactId: joinersContact.contactId })
    await until(async () => !folders.some((folder) => isWritten(folder, 'zugzwang')), 3_000)
    await until(async () => !isWritten(ann.dataDir, 'quixotry'), 3_000)

    const { link } = await ann.core.call('address.create', {})
    await bob.core.call('connection.connect', { link, message: 'sesquipedalian request' })
    const { requestId } = await until(async () => (await ann.core.call('request.list', {}))[0])
    expect(isWritten(ann.dataDir, 'sesquipedalian')).toBe(true)
    await ann.core.call('request.reject', { requestId })
    await until(async () => !isWritten(ann.dataDir, 'sesquipedalian'), 3_000)
  })
})
