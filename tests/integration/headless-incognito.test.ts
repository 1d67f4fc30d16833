import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contact } from '#core/contract'
import { allDelivered, contactNamed, person, type Person, restart } from '../tools/people.ts'
import { endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'
import { filesWith } from '../tools/traces.ts'

/** Nothing of it may be found at a peer: no word of it is in any list of words. */
const REAL = 'Xanthippe Qvist'
const PICTURE = `data:image/png;base64,${'Qk1R'.repeat(50)}`
const BIO = 'Vexillologist'

async function incognitoPerson(relay: RunningRelay): Promise<Person> {
  const who = await person(REAL, [relay.address])
  await who.core.call('profile.update', { image: PICTURE, description: BIO })
  return who
}

function onlyContact(who: Person): Promise<Contact> {
  return until(async () => {
    const contacts = await who.core.call('contact.list', {})
    return contacts.length === 1 && contacts[0]!.status === 'active' && contacts[0]
  })
}

/** Everything is on the disk of a stopped program. */
async function expectNoTrace(peer: Person): Promise<void> {
  await peer.core.stop()
  for (const text of [REAL, 'Xanthippe', PICTURE, 'Qk1RQk1R', BIO]) {
    expect(filesWith(peer.dataDir, text)).toEqual([])
  }
  await restart(peer)
}

describe('incognito', () => {
  let relay: RunningRelay
  let ann: Person

  beforeAll(async () => {
    relay = await startRelay()
    ann = await incognitoPerson(relay)
  })
  afterAll(endAll)

  /** Lets Ann talk, and change her profile, and looks at what the peer has of her. */
  async function staysUnknown(peer: Person, name: string): Promise<void> {
    const anns = await until(async () => {
      const contacts = await ann.core.call('contact.list', {})
      return contacts.find((one) => one.profile.displayName === peer.name && one.status === 'active')
    })
    expect(anns.incognitoProfile).toEqual({ displayName: name })
    expect((await onlyContact(peer)).profile).toEqual({ displayName: name })
    await ann.core.call('profile.update', { description: `${BIO} of ${peer.name}` })
    await restart(ann)
    await ann.core.call('message.send', { contactId: anns.contactId, text: 'good day' })
    await allDelivered(ann, anns.contactId, 1)
    expect((await onlyContact(peer)).profile).toEqual({ displayName: name })
    expect(await ann.core.call('contact.get', { contactId: anns.contactId })).toMatchObject({
      incognitoProfile: { displayName: name },
    })
    await expectNoTrace(peer)
  }

  it('INV-3: an invitation shows the suggested name, and the real one is nowhere at the peer', async () => {
    const bob = await person('Bob', [relay.address])
    const { incognitoId, profile } = await ann.core.call('incognito.suggest', {})
    const made = await ann.core.call('invitation.create', { incognito: true, incognitoId })
    expect(made.incognitoProfile).toEqual(profile)
    expect(await ann.core.call('connection.get', { connectionId: made.connectionId })).toMatchObject({
      incognitoProfile: profile,
    })
    await restart(ann)
    await bob.core.call('connection.connect', { link: made.link })
    await staysUnknown(bob, profile.displayName)
  })

  it('CON-1: who uses a link incognito is seen under the name that was shown', async () => {
    const cleo = await person('Cleo', [relay.address])
    const { link } = await cleo.core.call('invitation.create', {})
    const { incognitoId, profile } = await ann.core.call('incognito.suggest', {})
    const choice = { incognito: true, incognitoId }
    const { connectionId } = await ann.core.call('connection.connect', { link, ...choice })
    expect(await ann.core.call('connection.get', { connectionId })).toMatchObject({
      incognitoProfile: profile,
    })
    await staysUnknown(cleo, profile.displayName)
  })

  it('CON-1: who asks at an address incognito is seen so in the request and after it', async () => {
    const dan = await person('Dan', [relay.address])
    const { link } = await dan.core.call('address.create', {})
    const { connectionId } = await ann.core.call('connection.connect', {
      link,
      incognito: true,
      message: 'hm',
    })
    const { incognitoProfile } = await ann.core.call('connection.get', { connectionId })
    const asked = await dan.core.waitForEvent('request.received')
    expect(asked.profile).toEqual(incognitoProfile)
    await ann.core.call('connection.connect', { link, again: true })
    const again = await dan.core.waitForEvent('request.updated', ({ repeats }) => repeats === 1)
    expect(again.profile).toEqual(incognitoProfile)
    await dan.core.call('request.accept', { requestId: asked.requestId })
    const contact = await contactNamed(ann, 'Dan')
    expect(contact.incognitoProfile).toEqual(incognitoProfile)
    await until(async () => (await onlyContact(dan)).status === 'active')
    await expectNoTrace(dan)
  })

  it('CON-1: with the current profile the peer sees that', async () => {
    const eve = await person('Eve', [relay.address])
    const { link } = await eve.core.call('invitation.create', {})
    await ann.core.call('connection.connect', { link, incognito: false })
    const contact = await contactNamed(eve, REAL)
    expect(contact.profile.image).toBe(PICTURE)
    expect((await contactNamed(ann, 'Eve')).incognitoProfile).toBeNull()
    await eve.core.stop()
    expect(filesWith(eve.dataDir, REAL)).not.toEqual([])
  })

  it('takes a suggested name once, and none that was not suggested', async () => {
    const { incognitoId } = await ann.core.call('incognito.suggest', {})
    const first = { incognito: true, incognitoId, once: 'one' }
    const made = await ann.core.call('invitation.create', first)
    expect(await ann.core.call('invitation.create', first)).toEqual(made)
    for (const wrong of [
      { incognito: true, incognitoId },
      { incognito: true, incognitoId: 'no such' },
      { incognito: false, incognitoId: (await ann.core.call('incognito.suggest', {})).incognitoId },
    ]) {
      const refused = await ann.core.refused('invitation.create', wrong)
      expect(refused).toMatchObject({ code: 'INVALID_PARAMS', details: { path: 'incognitoId' } })
    }
  })

  it('REQ-2: accepts under the name of the first try, and never shows the profile to who asked for incognito', async () => {
    const [gil, hal] = await Promise.all([person('Gil', [relay.address]), person('Hal', [relay.address])])
    const { link } = await ann.core.call('address.create', {})
    await gil.core.call('connection.connect', { link })
    const first = await ann.core.waitForEvent('request.received', (one) => one.profile.displayName === 'Gil')
    const { incognitoId, profile } = await ann.core.call('incognito.suggest', {})
    const choice = { requestId: first.requestId, incognito: true, incognitoId }
    const accepted = await ann.core.call('request.accept', choice)
    expect(await ann.core.call('request.accept', choice)).toEqual(accepted)
    await contactNamed(gil, profile.displayName)
    expect(await ann.core.call('request.accept', choice)).toEqual(accepted)
    await hal.core.call('connection.connect', { link })
    const second = await ann.core.waitForEvent('request.received', (one) => one.profile.displayName === 'Hal')
    const { requestId } = second
    await ann.core.call('request.accept', { requestId })
    const refused = await ann.core.refused('request.accept', { requestId, incognito: true })
    expect(refused).toMatchObject({ code: 'INVALID_PARAMS', details: { path: 'incognito' } })
    await contactNamed(hal, REAL)
    await expectNoTrace(gil)
  })

  it('asks again under no other name than the first time', async () => {
    const fay = await person('Fay', [relay.address])
    const { link } = await fay.core.call('address.create', {})
    await ann.core.call('connection.connect', { link })
    const refused = await ann.core.refused('connection.connect', { link, again: true, incognito: true })
    expect(refused).toMatchObject({ code: 'INVALID_PARAMS', details: { path: 'incognito' } })
  })
})
