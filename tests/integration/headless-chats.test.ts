import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChatRow } from '../../core/contract/index.ts'
import { connectPeople, type Person, person, restart } from '../tools/people.ts'
import { endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'

let relay: RunningRelay

beforeAll(async () => {
  relay = await startRelay()
})
afterAll(endAll)

async function say(from: Person, contactId: string, to: Person, text: string): Promise<void> {
  await from.core.call('message.send', { contactId, text })
  await to.core.waitForEvent('message.received', ({ content }) => content.text === text)
}

const titleOf = ({ kind, contact, connection, request }: ChatRow): string =>
  `${kind} ${contact?.name ?? connection?.name ?? request?.profile.displayName ?? ''}`

describe('the list of chats', () => {
  let ann: Person
  let bob: Person
  let cid: Person
  let ids: { bob: string; cid: string; annAtBob: string; annAtCid: string }

  beforeAll(async () => {
    ann = await person('Ann', [relay.address])
    bob = await person('Bob', [relay.address])
    cid = await person('Cid', [relay.address])
    const withBob = await connectPeople(ann, bob)
    const withCid = await connectPeople(ann, cid)
    ids = {
      bob: withBob.creatorsContact.contactId,
      annAtBob: withBob.joinersContact.contactId,
      cid: withCid.creatorsContact.contactId,
      annAtCid: withCid.joinersContact.contactId,
    }
  })

  const rows = async (params: { filter?: 'unread' } = {}): Promise<string[]> =>
    (await ann.core.call('chat.list', params)).rows.map(titleOf)

  it('CHL-7: has the last activity on top, under what is pinned, and keeps that over a restart', async () => {
    await ann.core.call('invitation.create', { name: 'Dora' })
    expect((await rows())[0]).toBe('pending Dora')
    await say(bob, ids.annAtBob, ann, 'news from Bob')
    expect(await rows()).toEqual(['contact Bob', 'pending Dora', 'contact Cid'])
    expect(await ann.core.call('contact.update', { contactId: ids.cid, pinned: true })).toMatchObject({
      pinned: true,
      muted: false,
    })
    expect(await rows()).toEqual(['contact Cid', 'contact Bob', 'pending Dora'])
    await restart(ann)
    expect(await rows()).toEqual(['contact Cid', 'contact Bob', 'pending Dora'])
    await ann.core.call('contact.update', { contactId: ids.cid, pinned: false })
  })

  it('is read page by page, each row once', async () => {
    const all: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof ann.core.call<'chat.list'>>> = await ann.core.call('chat.list', {
        limit: 1,
        ...(cursor !== null && { cursor }),
      })
      expect(page.rows).toHaveLength(1)
      all.push(...page.rows.map(titleOf))
      ;({ cursor } = page)
    } while (cursor !== null)
    expect(all).toEqual(await rows())
    expect(await ann.core.refused('chat.list', { cursor: 'AAAA' })).toMatchObject({
      code: 'INVALID_PARAMS',
      details: { path: 'cursor' },
    })
  })

  it('shows requests as rows of their own, and filters what waits to be looked at', async () => {
    const { link } = await ann.core.call('address.create', {})
    const eve = await person('Eve', [relay.address])
    await eve.core.call('connection.connect', { link })
    await ann.core.waitForEvent('request.received')
    expect((await rows())[0]).toBe('request Eve')
    expect(await rows({ filter: 'unread' })).toEqual(['request Eve', 'contact Bob'])
    await ann.core.call('chat.markRead', { contactId: ids.bob })
    expect(await rows({ filter: 'unread' })).toEqual(['request Eve'])
    await ann.core.call('chat.markUnread', { contactId: ids.cid })
    expect(await ann.core.call('contact.get', { contactId: ids.cid })).toMatchObject({
      markedUnread: true,
      unread: 0,
    })
    expect(await rows({ filter: 'unread' })).toEqual(['request Eve', 'contact Cid'])
    await ann.core.call('chat.markRead', { contactId: ids.cid })
    expect(await rows({ filter: 'unread' })).toEqual(['request Eve'])
  })

  it('raises no notification for a muted contact, and still counts and tells what came', async () => {
    await ann.core.call('contact.update', { contactId: ids.bob, muted: true })
    const before = ann.core.events.length
    await say(bob, ids.annAtBob, ann, 'a quiet one')
    await say(cid, ids.annAtCid, ann, 'a loud one')
    await ann.core.waitForEvent('notification.show', ({ body }) => body === 'a loud one')
    const bodies = ann.core.events
      .slice(before)
      .filter(({ event }) => event === 'notification.show')
      .map(({ data }) => (data as { body: string | null }).body)
    expect(bodies).toEqual(['a loud one'])
    expect((await ann.core.call('contact.get', { contactId: ids.bob })).unread).toBe(1)
    await ann.core.call('contact.update', { contactId: ids.bob, muted: false })
    await say(bob, ids.annAtBob, ann, 'loud again')
    await ann.core.waitForEvent('notification.show', ({ body }) => body === 'loud again')
  })

  it('keeps what was being written, over a restart', async () => {
    await ann.core.call('chat.setDraft', { contactId: ids.bob, text: 'half a sente' })
    await restart(ann)
    expect((await ann.core.call('contact.get', { contactId: ids.bob })).draft).toBe('half a sente')
    await ann.core.call('chat.setDraft', { contactId: ids.bob, text: null })
    expect((await ann.core.call('contact.get', { contactId: ids.bob })).draft).toBeNull()
    expect(
      await ann.core.refused('chat.setDraft', { contactId: ids.bob, text: 'x'.repeat(70_000) }),
    ).toMatchObject({ code: 'TOO_LARGE', details: { path: 'text' } })
  })

  it('CHL-9: finds names, aliases and labels, then messages, and nothing where there is nothing', async () => {
    await ann.core.call('contact.setName', { contactId: ids.bob, name: 'Bobř from work' })
    await say(ann, ids.cid, cid, 'The blue whale is shy')
    await say(cid, ids.annAtCid, ann, 'Blueberries it is')
    const found = await ann.core.call('chat.find', { text: 'bobr' })
    expect(found.contacts.map(({ contactId }) => contactId)).toEqual([ids.bob])
    expect((await ann.core.call('chat.find', { text: 'DOR' })).connections).toHaveLength(1)
    expect((await ann.core.call('chat.find', { text: 'eve' })).requests).toHaveLength(1)
    const { messages, contacts } = await ann.core.call('chat.find', { text: 'blue' })
    expect(contacts).toEqual([])
    expect(messages.map(({ before, hit, after }) => [before, hit, after])).toEqual([
      ['', 'Blueberries', ' it is'],
      ['The ', 'blue', ' whale is shy'],
    ])
    expect(await ann.core.call('chat.find', { text: 'zzz nothing' })).toEqual({
      contacts: [],
      connections: [],
      requests: [],
      messages: [],
    })
    const inChat = await ann.core.call('chat.search', { text: 'loud', contactId: ids.bob })
    expect(inChat.map(({ content }) => content.text)).toEqual(['loud again'])
    expect(await ann.core.call('chat.search', { text: 'blue' })).toHaveLength(2)
    expect(await ann.core.call('chat.search', { text: 'blue', contactId: ids.bob })).toEqual([])
  })

  it('shows and searches one profile at a time', async () => {
    await ann.core.call('profile.create', { displayName: 'Annabel' })
    expect((await ann.core.call('chat.list', {})).rows).toEqual([])
    expect((await ann.core.call('chat.find', { text: 'blue' })).messages).toEqual([])
    expect(await ann.core.call('chat.search', { text: 'blue' })).toEqual([])
    const first = (await ann.core.call('profile.list', {})).find(({ active }) => !active)!
    const { profileId } = first
    expect((await ann.core.call('chat.list', { profileId })).rows).toHaveLength(4)
    expect((await ann.core.call('chat.find', { text: 'blue', profileId })).messages).toHaveLength(2)
    await ann.core.call('profile.switch', { profileId })
    expect(await ann.core.call('chat.search', { text: 'blue' })).toHaveLength(2)
  })

  it('clears a chat on this side alone: the contact stays, nothing is found any more', async () => {
    await ann.core.call('chat.clear', { contactId: ids.cid })
    expect(await ann.core.call('chat.messages', { contactId: ids.cid })).toEqual([])
    expect(await ann.core.call('chat.search', { text: 'blue' })).toEqual([])
    const contact = await ann.core.call('contact.get', { contactId: ids.cid })
    expect(contact).toMatchObject({ lastMessage: null, unread: 0, status: 'active' })
    expect(await cid.core.call('chat.messages', { contactId: ids.annAtCid })).not.toEqual([])
    await say(cid, ids.annAtCid, ann, 'still here')
    await until(async () => (await ann.core.call('chat.search', { text: 'still' })).length === 1)
  })
})
