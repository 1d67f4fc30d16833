import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProfileEntry } from '#core/contract'
import { connectPeople, contactNamed, person, type Person, receivedTexts, restart } from '../tools/people.ts'
import {
  type CallFailed,
  endAll,
  type RunningRelay,
  startHeadless,
  startRelay,
  tempDir,
  until,
} from '../tools/programs.ts'

/** A second profile, which is the active one then. */
async function secondProfile(who: Person, displayName: string): Promise<ProfileEntry> {
  await who.core.call('profile.create', { displayName })
  return activeProfile(who)
}

async function entries(who: Person): Promise<ProfileEntry[]> {
  return who.core.call('profile.list', {})
}

async function activeProfile(who: Person): Promise<ProfileEntry> {
  const active = (await entries(who)).filter((entry) => entry.active)
  expect(active).toHaveLength(1)
  return active[0]!
}

async function contactNames(who: Person, profileId?: string): Promise<string[]> {
  const contacts = await who.core.call('contact.list', profileId === undefined ? {} : { profileId })
  return contacts.map(({ name }) => name).sort()
}

/** What a peer is told about a link; null: it took it. */
async function linkCode(who: Person, link: string): Promise<string | null> {
  try {
    await who.core.call('connection.connect', { link, again: true })
    return null
  } catch (error) {
    return (error as CallFailed).code
  }
}

describe('two profiles of one person', () => {
  let relay: RunningRelay
  let ann: Person
  let bob: Person
  let main: ProfileEntry
  let work: ProfileEntry

  beforeAll(async () => {
    relay = await startRelay()
    ann = await person('Ann', [relay.address])
    bob = await person('Bob', [relay.address])
  })
  afterAll(endAll)

  it('makes a second one active, and takes no name twice', async () => {
    main = await activeProfile(ann)
    expect(main).toMatchObject({ profile: { displayName: 'Ann' }, contacts: 0, hidden: false, muted: false })
    work = await secondProfile(ann, 'Annette at work')
    expect(await ann.core.call('profile.get', {})).toEqual({ displayName: 'Annette at work' })
    expect((await entries(ann)).map(({ active }) => active)).toEqual([false, true])
    expect((await ann.core.refused('profile.create', { displayName: 'ANN' })).code).toBe('ALREADY_EXISTS')
    const taken = await ann.core.refused('profile.update', { displayName: 'Ann' })
    expect(taken.code).toBe('ALREADY_EXISTS')
    expect(await ann.core.waitForEvent('profile.switched')).toMatchObject({ profileId: main.profileId })
    await ann.core.waitForEvent('profile.switched', ({ profileId }) => profileId === work.profileId)
    await ann.core.waitForEvent(
      'profile.updated',
      ({ profileId, active }) => profileId === main.profileId && !active,
    )
  })

  it('keeps the active one over a restart', async () => {
    await restart(ann, 'kill')
    expect((await ann.core.waitForEvent('app.ready')).profile).toEqual({ displayName: 'Annette at work' })
    expect(await activeProfile(ann)).toMatchObject({ profileId: work.profileId })
    expect(await ann.core.call('profile.switch', { profileId: main.profileId })).toMatchObject({
      profileId: main.profileId,
      active: true,
    })
    await restart(ann)
    expect((await ann.core.waitForEvent('app.ready')).profile).toEqual({ displayName: 'Ann' })
  })

  it('has separate contacts, pending rows and addresses', async () => {
    await connectPeople(ann, bob)
    await ann.core.call('profile.switch', { profileId: work.profileId })
    expect(await contactNames(ann)).toEqual([])
    const { connectionId } = await ann.core.call('invitation.create', { name: 'For work' })
    expect(await ann.core.call('connection.list', {})).toMatchObject([
      { connectionId, profileId: work.profileId },
    ])
    expect(await ann.core.call('connection.list', { profileId: main.profileId })).toEqual([])
    const address = await ann.core.call('address.create', {})
    expect(address).toMatchObject({ profileId: work.profileId, isDefault: true })
    expect(await ann.core.call('address.get', { profileId: main.profileId })).toBeNull()
    const own = await ann.core.call('address.create', { profileId: main.profileId })
    expect(own).toMatchObject({ profileId: main.profileId, isDefault: true })
    for (const profileId of [main.profileId, work.profileId]) {
      await ann.core.call('address.create', { label: 'Card', profileId })
    }
    expect(await contactNames(ann, main.profileId)).toEqual(['Bob'])
    expect(await ann.core.call('address.list', {})).toMatchObject([
      { addressId: address.addressId },
      { label: 'Card', profileId: work.profileId },
    ])
    const other = { profileId: 'nobody' }
    for (const method of [
      'contact.list',
      'connection.list',
      'address.list',
      'request.list',
      'invitation.create',
    ]) {
      expect((await ann.core.refused(method, other)).code).toBe('NOT_FOUND')
    }
    await ann.core.call('connection.delete', { connectionId })
  })

  it('takes messages and requests for one that is not active, and counts them there', async () => {
    expect(await activeProfile(ann)).toMatchObject({ profileId: work.profileId })
    const toAnn = await contactNamed(bob, 'Ann')
    await bob.core.call('message.send', { contactId: toAnn.contactId, text: 'are you there?' })
    const updated = await ann.core.waitForEvent('profile.updated', ({ unread }) => unread === 1)
    expect(updated).toMatchObject({ profileId: main.profileId, active: false, contacts: 1 })
    const notice = await ann.core.waitForEvent('notification.show', ({ kind }) => kind === 'message')
    expect(notice).toMatchObject({ profileId: main.profileId, title: 'Bob' })
    const [fromBob] = await ann.core.call('contact.list', { profileId: main.profileId })
    expect(fromBob).toMatchObject({ profileId: main.profileId, unread: 1 })
    await ann.core.call('message.send', { contactId: fromBob!.contactId, text: 'yes, elsewhere' })
    await until(async () => (await receivedTexts(bob, toAnn.contactId)).includes('yes, elsewhere'))
    await ann.core.call('chat.markRead', { contactId: fromBob!.contactId })
    expect((await entries(ann))[0]).toMatchObject({ unread: 0 })
    const cleo = await person('Cleo', [relay.address])
    const { link } = (await ann.core.call('address.get', { profileId: main.profileId }))!
    await cleo.core.call('connection.connect', { link })
    const asked = await ann.core.waitForEvent('request.received')
    expect(asked).toMatchObject({ profileId: main.profileId })
    await until(async () => (await entries(ann))[0]!.requests === 1)
    expect(await ann.core.call('request.list', {})).toEqual([])
    await ann.core.call('request.accept', { requestId: asked.requestId })
    expect(await contactNamed(cleo, 'Ann')).toMatchObject({ name: 'Ann' })
    await until(async () => (await entries(ann))[0]!.contacts === 2)
    expect(await contactNames(ann)).toEqual([])
    await cleo.core.stop()
  })

  it('tells a change of one profile to its own contacts alone', async () => {
    const { link } = await ann.core.call('invitation.create', {})
    const dan = await person('Dan', [relay.address])
    await dan.core.call('connection.connect', { link })
    await contactNamed(dan, 'Annette at work')
    await ann.core.call('profile.update', { displayName: 'Ann at work' })
    await contactNamed(dan, 'Ann at work')
    expect(await contactNames(bob)).toEqual(['Ann'])
    await ann.core.call('profile.update', { profileId: main.profileId, description: 'hello' })
    const toAnn = await contactNamed(bob, 'Ann')
    await bob.core.waitForEvent('contact.updated', ({ profile }) => profile.description === 'hello')
    expect(toAnn.name).toBe('Ann')
    expect((await contactNamed(dan, 'Ann at work')).profile).toEqual({ displayName: 'Ann at work' })
    await dan.core.stop()
  })

  it('goes with everything that belongs to it, when the number is right', async () => {
    const count = (await entries(ann))[1]!.contacts
    expect(count).toBe(1)
    const wrong = await ann.core.refused('profile.delete', { profileId: work.profileId, contacts: count + 1 })
    expect(wrong).toMatchObject({ code: 'INVALID_PARAMS', details: { path: 'contacts' } })
    expect(await contactNames(ann)).toEqual(['Dan'])
    const { link } = (await ann.core.call('address.get', {}))!
    const invitation = await ann.core.call('invitation.create', {})
    await ann.core.call('profile.delete', { profileId: work.profileId, contacts: count })
    await until(async () => (await linkCode(bob, invitation.link)) === 'LINK_USED')
    await ann.core.waitForEvent('profile.removed', ({ profileId }) => profileId === work.profileId)
    expect(await activeProfile(ann)).toMatchObject({ profileId: main.profileId })
    expect(await contactNames(ann)).toEqual(['Bob', 'Cleo'])
    expect((await ann.core.refused('profile.switch', { profileId: work.profileId })).code).toBe('NOT_FOUND')
    await until(async () => (await linkCode(bob, link)) === 'LINK_GONE')
    expect((await ann.core.call('address.get', {}))?.profileId).toBe(main.profileId)
  })

  it('is gone at its relays too, when these are back and whatever happened meanwhile', async () => {
    await secondProfile(ann, 'Short-lived')
    const gone = await activeProfile(ann)
    const { link } = await ann.core.call('invitation.create', {})
    await relay.program.stop()
    await ann.core.call('profile.delete', { profileId: gone.profileId, contacts: 0 })
    await restart(ann, 'kill')
    expect((await entries(ann)).map(({ profileId }) => profileId)).toEqual([main.profileId])
    relay = await startRelay({ dataDir: relay.dataDir, port: relay.port })
    await until(async () => {
      const [entry] = await ann.core.call('relay.list', {})
      return entry!.state === 'online'
    })
    await until(async () => (await linkCode(bob, link)) === 'LINK_USED')
  })

  it('is nobody after the last one was deleted, until there is another', async () => {
    const dataDir = tempDir()
    const core = await startHeadless(dataDir, [relay.address])
    await core.call('profile.create', { displayName: 'Eve', once: 'x' })
    const [eve] = await core.call('profile.list', {})
    await core.call('profile.delete', { profileId: eve!.profileId, contacts: 0 })
    expect(await core.call('profile.get', {})).toBeNull()
    expect(await core.call('contact.list', {})).toEqual([])
    expect((await core.refused('invitation.create', {})).code).toBe('NO_PROFILE')
    await core.call('profile.create', { displayName: 'Eve', once: 'x' })
    expect(await core.call('profile.get', {})).toEqual({ displayName: 'Eve' })
  })
})
