import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProfileEntry } from '#core/contract'
import { contactNamed, person, type Person, receivedTexts, restart } from '../tools/people.ts'
import { endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'
import { filesWith } from '../tools/traces.ts'

const MAIN = 'Xanthippe Qvist'
const WORK = 'Zebulon Wrzos'

let relay: RunningRelay
let ann: Person
let main: ProfileEntry
let work: ProfileEntry

/** Somebody new, who knows nobody. */
let names = 0
function stranger(): Promise<Person> {
  return person(`Stranger ${++names}`, [relay.address])
}

beforeAll(async () => {
  relay = await startRelay()
  ann = await person(MAIN, [relay.address])
  await ann.core.call('profile.create', { displayName: WORK })
  const [first, second] = await ann.core.call('profile.list', {})
  main = first!
  work = second!
})
beforeEach(async () => {
  await ann.core.call('profile.switch', { profileId: main.profileId })
})
afterAll(endAll)

/** Everything is on the disk of a stopped program. */
async function expectNoTrace(peer: Person, text: string): Promise<void> {
  await peer.core.stop()
  expect(filesWith(peer.dataDir, text)).toEqual([])
}

describe('who connects', () => {
  it('CON-1, CON-8: with another profile chosen, the chat is there only, and the peer sees that profile', async () => {
    const bob = await stranger()
    const { link } = await bob.core.call('invitation.create', {})
    const { connectionId } = await ann.core.call('connection.connect', { link, profileId: work.profileId })
    expect((await ann.core.call('connection.get', { connectionId })).profileId).toBe(work.profileId)
    const contact = await ann.core.waitForEvent('contact.connected', ({ name }) => name === bob.name)
    expect(contact.profileId).toBe(work.profileId)
    expect((await ann.core.call('contact.list', {})).map(({ name }) => name)).not.toContain(bob.name)
    expect((await ann.core.call('profile.list', {})).find(({ active }) => active)).toMatchObject({
      profileId: main.profileId,
    })
    await ann.core.call('profile.switch', { profileId: work.profileId })
    expect((await ann.core.call('contact.list', {})).map(({ name }) => name)).toContain(bob.name)
    await contactNamed(bob, WORK)
    await expectNoTrace(bob, MAIN)
  })

  it('makes an invitation for a profile that is not active', async () => {
    const bob = await stranger()
    const made = await ann.core.call('invitation.create', { profileId: work.profileId })
    await bob.core.call('connection.connect', { link: made.link })
    await contactNamed(bob, WORK)
    await expectNoTrace(bob, MAIN)
  })

  it('O: a link is own to the profile that made it, and another profile may use it', async () => {
    const { link, connectionId } = await ann.core.call('invitation.create', {})
    expect(await ann.core.call('connection.plan', { link })).toMatchObject({ status: 'own', connectionId })
    const plan = await ann.core.call('connection.plan', { link, profileId: work.profileId })
    expect(plan.status).toBe('new')
    expect((await ann.core.refused('connection.connect', { link })).code).toBe('LINK_OWN')
    await ann.core.call('connection.connect', { link, profileId: work.profileId })
    const mine = await until(async () => {
      const contacts = await ann.core.call('contact.list', { profileId: main.profileId })
      return contacts.find(({ name, status }) => name === WORK && status === 'active')
    })
    const theirs = await until(async () => {
      const contacts = await ann.core.call('contact.list', { profileId: work.profileId })
      return contacts.find(({ name, status }) => name === MAIN && status === 'active')
    })
    await ann.core.call('message.send', { contactId: mine.contactId, text: 'to myself' })
    await until(async () => (await receivedTexts(ann, theirs.contactId)).includes('to myself'))
    for (const [profileId, contactId] of [
      [main.profileId, mine.contactId],
      [work.profileId, theirs.contactId],
    ] as const) {
      expect(await ann.core.call('connection.plan', { link, profileId })).toMatchObject({
        status: 'known',
        contactId,
      })
    }
    const third = await ann.core.call('profile.create', { displayName: 'Third' })
    expect(third.displayName).toBe('Third')
    expect((await ann.core.call('connection.plan', { link })).status).toBe('known')
  })

  it('O: an address is own to its profile alone too: another asks there, and is let in', async () => {
    const { link } = await ann.core.call('address.create', {})
    expect((await ann.core.call('connection.plan', { link })).status).toBe('own')
    const choice = { link, profileId: work.profileId }
    expect(await ann.core.call('connection.plan', choice)).toMatchObject({
      ...{ status: 'new', preview: { profile: { displayName: MAIN }, looksRandom: false } },
    })
    const { contactId } = await ann.core.call('connection.connect', choice)
    const { requestId } = await ann.core.waitForEvent('request.received')
    await ann.core.call('request.accept', { requestId })
    await ann.core.waitForEvent('contact.connected', (contact) => contact.contactId === contactId)
    expect(await ann.core.call('connection.plan', choice)).toMatchObject({ status: 'known', contactId })
    expect((await ann.core.call('connection.plan', { link })).status).toBe('own')
    await ann.core.call('address.delete', {})
  })

  it('asks at one address as each profile, under ids that have nothing in common', async () => {
    const bob = await stranger()
    const { link } = await bob.core.call('address.create', {})
    await ann.core.call('connection.connect', { link })
    expect((await ann.core.call('connection.plan', { link })).status).toBe('requested')
    const choice = { link, profileId: work.profileId }
    expect((await ann.core.call('connection.plan', choice)).status).toBe('new')
    await ann.core.call('connection.connect', choice)
    expect((await ann.core.call('connection.plan', choice)).status).toBe('requested')
    const requests = await until(async () => {
      const all = await bob.core.call('request.list', {})
      return all.length === 2 && all
    })
    const shown = requests.map(({ profile, repeats }) => `${profile.displayName} ${repeats}`)
    expect(shown.sort()).toEqual([`${MAIN} 0`, `${WORK} 0`])
    for (const { requestId } of requests) await bob.core.call('request.accept', { requestId })
    await contactNamed(bob, MAIN)
    await contactNamed(bob, WORK)
    expect((await contactNamed(ann, bob.name)).profileId).toBe(main.profileId)
  })
})

describe('a link that nobody has used', () => {
  it('INV-3: may turn incognito and back, and shows what it was last', async () => {
    const bob = await stranger()
    const { link, connectionId } = await ann.core.call('invitation.create', { name: 'For Bob' })
    const { incognitoId, profile } = await ann.core.call('incognito.suggest', {})
    const on = { connectionId, incognito: true, incognitoId }
    expect(await ann.core.call('connection.setIncognito', on)).toMatchObject({
      ...{ incognitoProfile: profile, link, name: 'For Bob' },
    })
    const again = await ann.core.call('connection.setIncognito', { connectionId, incognito: true })
    expect(again.incognitoProfile).toEqual(profile)
    const off = await ann.core.call('connection.setIncognito', { connectionId, incognito: false })
    expect(off.incognitoProfile).toBeNull()
    const last = await ann.core.call('connection.setIncognito', { connectionId, incognito: true })
    expect(last.incognitoProfile).not.toEqual(profile)
    await restart(ann)
    await bob.core.call('connection.connect', { link })
    await contactNamed(bob, last.incognitoProfile!.displayName)
    const late = await ann.core.refused('connection.setIncognito', { connectionId, incognito: false })
    expect(late.code).toBe('ALREADY_CONNECTED')
    await expectNoTrace(bob, MAIN)
  })

  it('may move to another profile, which makes another link of it, and the old one is dead', async () => {
    const [bob, cleo] = await Promise.all([stranger(), stranger()])
    const asked = { name: 'For Bob', incognito: true, once: 'for-bob' }
    const before = await ann.core.call('invitation.create', asked)
    const { connectionId } = before
    await ann.core.call('connection.markShared', { connectionId })
    const to = { connectionId, profileId: work.profileId }
    const moved = await ann.core.call('connection.setProfile', to)
    expect(moved).toMatchObject({
      ...{ connectionId, profileId: work.profileId, name: 'For Bob', incognitoProfile: null },
      ...{ status: 'waiting', phase: 'unused' },
    })
    expect(moved.link).not.toBe(before.link)
    expect(await ann.core.call('connection.setProfile', to)).toMatchObject({ link: moved.link })
    // whoever asks again for the same thing is not given the dead link
    const { link, fullLink } = moved
    expect(await ann.core.call('invitation.create', asked)).toEqual({
      ...{ connectionId, link, fullLink, incognitoProfile: null },
    })
    expect(await ann.core.call('connection.list', {})).toEqual([])
    await until(async () => {
      try {
        await cleo.core.call('connection.connect', { link: before.link })
      } catch (error) {
        return (error as { code: string }).code === 'LINK_USED'
      }
      throw new Error('the old link works')
    })
    await bob.core.call('connection.connect', { link: moved.link! })
    await contactNamed(bob, WORK)
    const contact = await until(async () => {
      const contacts = await ann.core.call('contact.list', { profileId: work.profileId })
      return contacts.find(({ localName }) => localName === 'For Bob')
    })
    expect(contact.profileId).toBe(work.profileId)
    const late = await ann.core.refused('connection.setProfile', { connectionId, profileId: main.profileId })
    expect(late.code).toBe('ALREADY_CONNECTED')
    await expectNoTrace(bob, MAIN)
  })

  it('INV-3, CON-3: shows before connecting who will be seen after it', async () => {
    const bob = await stranger()
    const { link, connectionId } = await ann.core.call('invitation.create', {})
    const on = await ann.core.call('connection.setIncognito', { connectionId, incognito: true })
    await ann.core.call('profile.update', { description: 'a vexillologist' })
    const plan = await bob.core.call('connection.plan', { link })
    expect(plan.preview).toMatchObject({ profile: on.incognitoProfile, looksRandom: true })
    // Read by somebody: nobody else will read anything else there.
    const late = await ann.core.refused('connection.setIncognito', { connectionId, incognito: false })
    expect(late.code).toBe('LINK_USED')
    expect(await ann.core.call('connection.get', { connectionId })).toMatchObject({
      ...{ link, incognitoProfile: on.incognitoProfile, phase: 'opened' },
    })
    // Known to be opened, it is refused for the same reason, and nobody is said to be connecting.
    const later = await ann.core.refused('connection.setIncognito', { connectionId, incognito: false })
    expect(later.code).toBe('LINK_USED')
    await bob.core.call('connection.connect', { link })
    await contactNamed(bob, on.incognitoProfile!.displayName)
    await expectNoTrace(bob, MAIN)
    const [cleo, made] = [await stranger(), await ann.core.call('invitation.create', { incognito: true })]
    const to = { connectionId: made.connectionId, profileId: work.profileId }
    const moved = await ann.core.call('connection.setProfile', to)
    const shown = await cleo.core.call('connection.plan', { link: moved.link! })
    expect(shown.preview?.profile).toEqual({ displayName: WORK })
    // Opened and not used, it may still be moved: to another link, of which the one who looked has nothing.
    const opened = await ann.core.call('connection.get', { connectionId: made.connectionId })
    expect(opened.phase).toBe('opened')
    const back = await ann.core.call('connection.setProfile', { ...to, profileId: main.profileId })
    expect(back).toMatchObject({ phase: 'unused', openedAt: null, profileId: main.profileId })
    await until(
      async () => (await cleo.core.call('connection.plan', { link: moved.link! })).status === 'used',
    )
    await expectNoTrace(cleo, MAIN)
  })

  it('waits for its relay as whom it was last told', async () => {
    const [bob, cleo] = await Promise.all([stranger(), stranger()])
    const one = await bob.core.call('invitation.create', {})
    const other = await cleo.core.call('address.create', {})
    await relay.program.stop()
    const first = await ann.core.call('connection.connect', { link: one.link, whenOnline: true })
    const second = await ann.core.call('connection.connect', {
      ...{ link: other.link, whenOnline: true, incognito: true },
    })
    const on = { connectionId: first.connectionId, incognito: true }
    const queued = await ann.core.call('connection.setIncognito', on)
    expect(queued).toMatchObject({ status: 'waiting', phase: 'queued' })
    const to = { connectionId: second.connectionId, profileId: work.profileId }
    expect(await ann.core.call('connection.setProfile', to)).toMatchObject({
      ...{ profileId: work.profileId, incognitoProfile: null, phase: 'queued' },
    })
    await restart(ann)
    relay = await startRelay({ dataDir: relay.dataDir, port: relay.port })
    await contactNamed(bob, queued.incognitoProfile!.displayName)
    expect((await cleo.core.waitForEvent('request.received')).profile).toEqual({ displayName: WORK })
    await expectNoTrace(bob, MAIN)
    await expectNoTrace(cleo, MAIN)
  })

  it('stays what it is when the relay is silent', async () => {
    const { connectionId, link } = await ann.core.call('invitation.create', {})
    await relay.program.stop()
    const to = { connectionId, profileId: work.profileId }
    expect((await ann.core.refused('connection.setProfile', to)).code).toBe('RELAY_UNREACHABLE')
    expect(await ann.core.call('connection.get', { connectionId })).toMatchObject({
      ...{ link, profileId: main.profileId },
    })
    relay = await startRelay({ dataDir: relay.dataDir, port: relay.port })
  })
})

describe('switching while messages come and go', () => {
  it('loses none, and each is where it belongs', async () => {
    const bob = await stranger()
    const { link } = await ann.core.call('invitation.create', {})
    await bob.core.call('connection.connect', { link })
    const [mine, theirs] = await Promise.all([contactNamed(ann, bob.name), contactNamed(bob, MAIN)])
    const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`)
    for (const [i, text] of texts.entries()) {
      await bob.core.call('message.send', { contactId: theirs.contactId, text })
      await ann.core.call('message.send', { contactId: mine.contactId, text })
      await ann.core.call('profile.switch', { profileId: (i % 2 ? main : work).profileId })
    }
    await until(async () => (await receivedTexts(ann, mine.contactId)).length === texts.length)
    await until(async () => (await receivedTexts(bob, theirs.contactId)).length === texts.length)
    expect(await receivedTexts(ann, mine.contactId)).toEqual(texts)
    expect(await receivedTexts(bob, theirs.contactId)).toEqual(texts)
    const [ours] = await ann.core.call('profile.list', {})
    expect(ours).toMatchObject({ profileId: main.profileId, unread: texts.length })
  })
})
