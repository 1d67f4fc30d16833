import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contact, Request } from '#core/contract'
import { allDelivered, contactNamed, person, type Person, receivedTexts, restart } from '../tools/people.ts'
import { endAll, filesUnder, type RunningRelay, startRelay, until } from '../tools/programs.ts'

/** A relay, and people who live on it. */
async function people<Names extends string>(
  names: readonly Names[],
): Promise<{ relay: RunningRelay } & Record<Lowercase<Names>, Person>> {
  const relay = await startRelay()
  const made = await Promise.all(names.map((name) => person(name, [relay.address])))
  const byName = Object.fromEntries(made.map((who) => [who.name.toLowerCase(), who]))
  return { relay, ...(byName as Record<Lowercase<Names>, Person>) }
}

async function ask(who: Person, link: string, message?: string): Promise<string> {
  const params = { link, ...(message !== undefined && { message }) }
  return (await who.core.call('connection.connect', params)).connectionId
}

function requestOf(owner: Person, name: string): Promise<Request> {
  return until(async () => {
    const requests = await owner.core.call('request.list', {})
    return requests.find(({ profile }) => profile.displayName === name)
  })
}

/** The only contact of `who`, when both sides can send. */
function onlyContact(who: Person): Promise<Contact> {
  return until(async () => {
    const contacts = await who.core.call('contact.list', {})
    return contacts.length === 1 && contacts[0]!.status === 'active' && contacts[0]
  })
}

async function talk(one: Person, other: Person, text: string): Promise<void> {
  const { contactId } = await contactNamed(one, other.name)
  await one.core.call('message.send', { contactId, text })
  await until(async () => {
    const contact = await onlyContact(other)
    return (await receivedTexts(other, contact.contactId)).includes(text)
  })
}

describe('an address, asked at and answered by hand', () => {
  let relay: RunningRelay
  let owner: Person
  let bob: Person
  let cleo: Person
  let dan: Person
  let link: string

  beforeAll(async () => {
    const all = await people(['Olivia', 'Bob', 'Cleo', 'Dan'])
    relay = all.relay
    owner = all.olivia
    bob = all.bob
    cleo = all.cleo
    dan = all.dan
  })
  afterAll(endAll)

  it('ADR-1: is made by one call, once, and is the default one', async () => {
    expect(await owner.core.call('address.get', {})).toBeNull()
    const made = await owner.core.call('address.create', { once: 'a' })
    expect(made).toMatchObject({
      isDefault: true,
      label: null,
      state: 'active',
      autoAccept: null,
      flood: false,
    })
    expect(await owner.core.call('address.create', { once: 'a' })).toEqual(made)
    expect((await owner.core.refused('address.create', {})).code).toBe('ALREADY_EXISTS')
    link = made.link
    const [entry] = await owner.core.call('relay.list', {})
    expect(entry).toMatchObject({ hasAddress: true })
  })

  it('O, R: plans an own address as own, and one that was asked at as requested', async () => {
    const own = await owner.core.call('connection.plan', { link })
    expect(own).toMatchObject({ kind: 'address', status: 'own', addressId: expect.any(String) as string })
    expect((await owner.core.refused('connection.connect', { link })).code).toBe('LINK_OWN')
    expect(await bob.core.call('connection.plan', { link })).toMatchObject({ kind: 'address', status: 'new' })
    const connectionId = await ask(bob, link, 'Hello, it is Bob.')
    const connection = await bob.core.call('connection.get', { connectionId })
    expect(connection).toMatchObject({
      ...{ kind: 'address', role: 'joiner', status: 'connecting', phase: 'requested', link: null },
    })
    const plan = await bob.core.call('connection.plan', { link })
    expect(plan).toMatchObject({ status: 'requested', connectionId })
    expect(plan.requestedAt).not.toBeNull()
    const refusal = await bob.core.refused('connection.connect', { link })
    expect(refusal).toMatchObject({ code: 'ALREADY_CONNECTED', details: { connectionId } })
    expect((await bob.core.refused('message.send', { connectionId, text: 'x' })).code).toBe('NOT_READY')
  })

  it('CON-6, REQ-3: shows the message before acceptance; asking again is one row with a count', async () => {
    const first = await requestOf(owner, 'Bob')
    expect(first).toMatchObject({ message: 'Hello, it is Bob.', repeats: 0, state: 'waiting' })
    const { connectionId } = await bob.core.call('connection.connect', { link, again: true })
    const { contactId } = await bob.core.call('connection.get', { connectionId })
    expect((await bob.core.call('contact.list', {})).map((one) => one.contactId)).toEqual([contactId])
    expect(await bob.core.call('connection.list', {})).toEqual([])
    await bob.core.call('connection.connect', { link, again: true, message: 'Hello again.' })
    const request = await until(async () => {
      const [only, ...others] = await owner.core.call('request.list', {})
      return others.length === 0 && only?.repeats === 2 && only
    })
    expect(request).toMatchObject({ requestId: first.requestId, message: 'Hello again.' })
    const shown = owner.core.events.filter(
      ({ event, data }) => event === 'notification.show' && (data as { kind: string }).kind === 'request',
    )
    expect(shown).toHaveLength(1)
  })

  it('REQ-1: keeps a request through a restart, and accepting makes a contact in the same row, once', async () => {
    await restart(owner)
    await restart(bob)
    const { requestId, rowId } = await requestOf(owner, 'Bob')
    const accepted = await owner.core.call('request.accept', { requestId })
    expect(await owner.core.call('request.accept', { requestId })).toEqual(accepted)
    const ownersBob = await contactNamed(owner, 'Bob')
    const bobsOwner = await contactNamed(bob, 'Olivia')
    expect(ownersBob).toMatchObject({ rowId, connectedVia: { kind: 'address', label: null } })
    expect(bobsOwner.connectedVia.kind).toBe('address')
    expect(await owner.core.call('request.accept', { requestId })).toEqual(accepted)
    expect(await owner.core.call('request.list', {})).toEqual([])
    expect(await bob.core.call('connection.list', {})).toEqual([])
    expect(await receivedTexts(owner, ownersBob.contactId)).toEqual(['Hello again.'])
    expect(await bob.core.call('connection.plan', { link })).toMatchObject({
      ...{ status: 'known', contactId: bobsOwner.contactId },
    })
    await talk(owner, bob, 'one way')
    await bob.core.call('message.send', { contactId: bobsOwner.contactId, text: 'other way' })
    await allDelivered(bob, bobsOwner.contactId, 2)
  })

  it('REQ-2, INF-2: accepting incognito shows the name that was suggested, and nothing of the profile', async () => {
    await ask(cleo, link)
    const { requestId } = await requestOf(owner, 'Cleo')
    const { incognitoId, profile } = await owner.core.call('incognito.suggest', {})
    await owner.core.call('request.accept', { requestId, incognito: true, incognitoId })
    const cleosOwner = await contactNamed(cleo, profile.displayName)
    const ownersCleo = await contactNamed(owner, 'Cleo')
    expect(ownersCleo.incognitoProfile).toEqual(profile)
    expect(cleosOwner.profile).toEqual(profile)
    await owner.core.call('profile.update', { displayName: 'Olivia Newname', description: 'on a boat' })
    await contactNamed(bob, 'Olivia Newname')
    await talk(owner, cleo, 'from somebody else')
    await restart(cleo)
    expect((await onlyContact(cleo)).profile).toEqual(profile)
    await cleo.core.stop()
    for (const path of filesUnder(cleo.dataDir)) {
      const content = readFileSync(path, 'latin1')
      expect(['Olivia', 'on a boat'].filter((secret) => content.includes(secret))).toEqual([])
    }
  })

  it('REQ-1: rejects in silence; REQ-4: who has withdrawn is no longer available', async () => {
    const connectionId = await ask(dan, link)
    const first = await requestOf(owner, 'Dan')
    await owner.core.call('request.reject', { requestId: first.requestId })
    expect((await owner.core.refused('request.accept', { requestId: first.requestId })).code).toBe(
      'NOT_FOUND',
    )
    await dan.core.call('connection.connect', { link, again: true })
    const second = await requestOf(owner, 'Dan')
    expect(second.requestId).not.toBe(first.requestId)
    expect((await dan.core.call('connection.get', { connectionId })).phase).toBe('requested')
    await dan.core.call('connection.delete', { connectionId })
    await until(async () => (await dan.core.call('relay.list', {}))[0]?.queues === 0)
    const failure = await until(async () => {
      // The queue of who has left is deleted in the background.
      try {
        await owner.core.call('request.accept', { requestId: second.requestId })
        return null
      } catch (error) {
        return error as { code: string }
      }
    })
    expect(failure.code).toBe('REQUEST_GONE')
    expect((await requestOf(owner, 'Dan')).state).toBe('gone')
    await owner.core.call('request.reject', { requestId: second.requestId, ignoreRepeats: true })
    expect(await owner.core.call('request.list', {})).toEqual([])
    expect(await dan.core.call('contact.list', {})).toEqual([])
  })

  it('leaves no name or message of a request in logs or at the relay', () => {
    const logs = [relay.program.log, owner.core.log, bob.core.log, dan.core.log].join('\n')
    const stored = filesUnder(relay.dataDir).map((path) => readFileSync(path, 'latin1'))
    for (const secret of ['Olivia', 'Hello again', 'Cleo', 'simplex:']) {
      for (const text of [logs, ...stored]) expect(text.includes(secret), secret).toBe(false)
    }
  })
})

describe('an address that ends', () => {
  afterAll(endAll)

  it('ADR-7, ADR-11, REQ-6: deleting keeps contacts and waiting requests, and lets in first whom it is told', async () => {
    const { olivia, bob, cleo, dan } = await people(['Olivia', 'Bob', 'Cleo', 'Dan'])
    const { link, addressId } = await olivia.core.call('address.create', { label: 'Website' })
    await ask(bob, link)
    await ask(cleo, link)
    const [forBob, forCleo] = [await requestOf(olivia, 'Bob'), await requestOf(olivia, 'Cleo')]
    expect(forBob).toMatchObject({ addressId, addressLabel: 'Website' })
    await olivia.core.call('address.delete', { addressId, acceptFirst: [forBob.requestId] })
    expect(await olivia.core.call('address.list', {})).toEqual([])
    expect(await requestOf(olivia, 'Cleo')).toMatchObject({ addressId: null, addressLabel: 'Website' })
    await until(async () => {
      try {
        await ask(dan, link)
      } catch (error) {
        return (error as { code: string }).code === 'LINK_GONE'
      }
      return false
    })
    expect((await contactNamed(olivia, 'Bob')).connectedVia.label).toBe('Website')
    await restart(olivia)
    await olivia.core.call('request.accept', { requestId: forCleo.requestId })
    await talk(olivia, bob, 'still here')
    await talk(olivia, cleo, 'you too')
  })

  it('ADR-6, ADR-8: sharing reaches contacts, replacing gives them the new link, the old one fails', async () => {
    const { olivia, bob, cleo } = await people(['Olivia', 'Bob', 'Cleo'])
    const old = await olivia.core.call('address.create', {})
    await olivia.core.call('address.update', { autoAccept: { incognito: false }, stopAfter: 7 })
    await ask(bob, old.link)
    await contactNamed(olivia, 'Bob')
    const contact = await contactNamed(bob, 'Olivia')
    const shows = (link: string | undefined): Promise<unknown> =>
      until(async () => {
        const now = await bob.core.call('contact.get', { contactId: contact.contactId })
        return now.profile.address === link
      })
    expect(await olivia.core.call('address.update', { sharedInProfile: true })).toMatchObject({
      sharedInProfile: true,
    })
    await shows(old.link)
    await until(async () => (await olivia.core.call('address.get', {}))?.profileUpdates.pending === 0)
    const replaced = await olivia.core.call('address.replace', {})
    expect(replaced).toMatchObject({
      ...{ addressId: old.addressId, state: 'active', stopAfter: 7, sharedInProfile: true },
    })
    expect(replaced.link).not.toBe(old.link)
    await shows(replaced.link)
    expect((await cleo.core.refused('connection.connect', { link: old.link })).code).toBe('LINK_GONE')
    await ask(cleo, replaced.link)
    await contactNamed(cleo, 'Olivia')
    await olivia.core.call('address.update', { sharedInProfile: false })
    await shows(undefined)
    await talk(olivia, bob, 'as before')
  })
})

describe('an address under load', () => {
  afterAll(endAll)

  it('ADR-10: paused or stopped, it drops in silence and counts', async () => {
    const { olivia, bob, cleo } = await people(['Olivia', 'Bob', 'Cleo'])
    // By the full link, which does not say whether the address takes requests.
    const { fullLink: link } = await olivia.core.call('address.create', {})
    await olivia.core.call('address.update', { paused: true })
    await ask(bob, link)
    await until(async () => (await olivia.core.call('address.get', {}))?.requests.dropped === 1)
    expect(await olivia.core.call('request.list', {})).toEqual([])
    const resumed = await olivia.core.call('address.update', { paused: false, stopAfter: 1 })
    expect(resumed).toMatchObject({ fullLink: link, state: 'active' })
    await bob.core.call('connection.connect', { link, again: true })
    await requestOf(olivia, 'Bob')
    expect((await olivia.core.call('address.get', {}))?.state).toBe('stopped')
    await ask(cleo, link)
    await until(async () => (await olivia.core.call('address.get', {}))?.requests.dropped === 2)
    expect(await olivia.core.call('contact.list', {})).toEqual([])
  })

  it('says by itself when its time is over', async () => {
    const { olivia } = await people(['Olivia'])
    const { addressId } = await olivia.core.call('address.create', { label: 'Conference' })
    const stopAt = new Date(Date.now() + 1_500).toISOString()
    expect(await olivia.core.call('address.update', { addressId, stopAt })).toMatchObject({ stopAt })
    await olivia.core.waitForEvent('address.updated', (address) => address.state === 'stopped')
    const goesOn = await olivia.core.call('address.update', { addressId, stopAt: null })
    expect(goesOn.state).toBe('active')
    expect(await olivia.core.call('address.get', {})).toBeNull()
  })
})
