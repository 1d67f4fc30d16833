import { createServer, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '#core/contract'
import {
  allDelivered,
  contactNamed,
  history,
  type Person,
  person,
  receivedTexts,
  restart,
} from '../tools/people.ts'
import { commandsAt, endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'

const SENDS = ['SEND', 'SKEY', 'KEY', 'NEW'] as const

/** What the relay was asked that could have reached anybody, or made anything. */
async function sendsAt(relay: RunningRelay): Promise<number[]> {
  return Promise.all(SENDS.map((type) => commandsAt(relay, type)))
}

async function three(names: readonly string[], { address }: RunningRelay): Promise<[Person, Person, Person]> {
  return (await Promise.all(names.map((name) => person(name, [address])))) as [Person, Person, Person]
}

async function rows(who: Person): Promise<number> {
  const [pending, contacts] = await Promise.all([
    who.core.call('connection.list', {}),
    who.core.call('contact.list', {}),
  ])
  return pending.length + contacts.length
}

/** Plans, and sees that nothing but the plan came of it. */
async function planned(who: Person, relay: RunningRelay, link: string): Promise<Plan> {
  const before = [await rows(who), await sendsAt(relay)]
  const plan = await who.core.call('connection.plan', { link })
  expect([await rows(who), await sendsAt(relay)]).toEqual(before)
  return plan
}

describe('a one-time short link', () => {
  let relay: RunningRelay
  let ann: Person
  let bob: Person
  let cleo: Person

  beforeAll(async () => {
    relay = await startRelay({ metrics: true })
    ;[ann, bob, cleo] = await three(['Ann', 'Bob', 'Cleo'], relay)
  }, 120_000)
  afterAll(endAll)

  it('PLN-1, PLN-2, CON-2, INV-2: shows who made it, claims it once, and is used by one person', async () => {
    const { link, fullLink } = await ann.core.call('invitation.create', { name: 'for Bob' })
    expect(link).toMatch(/^simplex:\/i#/)
    expect(link.length).toBeLessThan(200)
    expect(fullLink).toMatch(/^simplex:\/invitation#/)
    for (const own of [link, fullLink]) {
      expect(await planned(ann, relay, own)).toMatchObject({ status: 'own', kind: 'invitation' })
    }
    expect(await commandsAt(relay, 'LKEY')).toBe(0)

    expect(await planned(bob, relay, ` ${link}. `)).toMatchObject({
      ...{ status: 'new', kind: 'invitation', form: 'short', knownRelay: true, link },
      preview: { profile: { displayName: 'Ann' }, message: null },
      warnings: [],
    })
    expect(await commandsAt(relay, 'LKEY')).toBe(1)
    expect((await planned(cleo, relay, link)).status).toBe('used')

    await ann.core.stop()
    const { connectionId, contactId } = await bob.core.call('connection.connect', { link })
    expect(await commandsAt(relay, 'LKEY')).toBe(2)
    expect(await commandsAt(relay, 'SKEY')).toBe(0)
    expect(contactId).not.toBeNull()
    const met = await bob.core.call('contact.get', { contactId: contactId! })
    expect(met).toMatchObject({ name: 'Ann', status: 'connecting' })
    expect(await bob.core.call('connection.list', {})).toEqual([])
    await bob.core.call('message.send', { contactId: contactId!, text: 'before you came' })
    // Everything that connecting sends by itself is out.
    await until(async () => (await history(bob, contactId!))[0]?.status === 'sent')
    expect(await planned(bob, relay, link)).toMatchObject({ status: 'connecting', connectionId, contactId })
    const already = await bob.core.refused('connection.connect', { link })
    expect(already).toMatchObject({ code: 'ALREADY_CONNECTED', details: { connectionId, contactId } })

    await restart(bob, 'kill')
    await restart(ann)
    const { contactId: bobs } = await contactNamed(ann, 'Bob')
    expect(await contactNamed(bob, 'Ann')).toMatchObject({ contactId, rowId: met.rowId })
    expect(await planned(bob, relay, link)).toMatchObject({ status: 'known', contactId })
    await allDelivered(bob, contactId!, 1)
    expect(await receivedTexts(ann, bobs)).toEqual(['before you came'])
    const mine = await ann.core.call('contact.securityCode', { contactId: bobs })
    const theirs = await bob.core.call('contact.securityCode', { contactId: contactId! })
    expect(mine.code).toBe(theirs.code)
    expect(mine.code.length).toBeGreaterThan(60)

    expect((await planned(cleo, relay, link)).status).toBe('used')
    expect((await cleo.core.refused('connection.connect', { link })).code).toBe('LINK_USED')
    expect(await rows(cleo)).toBe(0)
    expect(await ann.core.call('contact.list', {})).toHaveLength(1)
  })

  it('PLN-6: claimed by a check, then kill -9: works here and nowhere else', async () => {
    const { link } = await ann.core.call('invitation.create', { name: 'again' })
    expect((await bob.core.call('connection.plan', { link })).status).toBe('new')
    await restart(bob, 'kill')
    expect((await cleo.core.refused('connection.connect', { link })).code).toBe('LINK_USED')
    expect((await bob.core.call('connection.plan', { link })).status).toBe('new')
    await restart(bob, 'kill')
    const { contactId } = await bob.core.call('connection.connect', { link, name: 'Ann, the second time' })
    await until(async () => {
      const contact = await bob.core.call('contact.get', { contactId: contactId! })
      return contact.status === 'active' && contact.name === 'Ann, the second time'
    })
    expect(await rows(cleo)).toBe(0)
  })

  it('the full link of the same invitation still works, without a preview', async () => {
    const { link, fullLink } = await ann.core.call('invitation.create', { name: 'full' })
    expect(await planned(cleo, relay, fullLink)).toMatchObject({ status: 'new', preview: null, form: 'full' })
    expect(await cleo.core.call('connection.connect', { link: fullLink })).toMatchObject({ contactId: null })
    await contactNamed(cleo, 'Ann')
    expect((await planned(bob, relay, link)).status).toBe('used')
  })

  it('PLN-1 I, V, PLN-2: groups, channels, newer and broken links are named and refused, and nobody is asked', async () => {
    const { link, fullLink } = await ann.core.call('invitation.create', {})
    const asked = async (): Promise<unknown> => [
      ...[await rows(bob), await sendsAt(relay)],
      ...[await commandsAt(relay, 'LKEY'), await commandsAt(relay, 'LGET')],
    ]
    const before = await asked()
    const [, server] = link.split('?')
    for (const [letter, looksLike] of [
      ['g', 'group'],
      ['c', 'channel'],
    ] as const) {
      const text = `simplex:/${letter}#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8?${server}`
      const failure = await bob.core.refused('connection.plan', { link: text })
      expect(failure).toMatchObject({ code: 'LINK_INVALID', details: { looksLike } })
    }
    for (const [text, code] of [
      [link.slice(0, -20), 'LINK_INVALID'],
      ['https://example.org/', 'LINK_INVALID'],
      [fullLink.replace('v=2-7', 'v=30-70'), 'LINK_VERSION'],
    ] as const) {
      expect((await bob.core.refused('connection.plan', { link: text })).code).toBe(code)
      expect((await bob.core.refused('connection.connect', { link: text })).code).toBe(code)
    }
    expect(await asked()).toEqual(before)
  })

  it('a relay in no list of ours is not asked before the person has agreed', async () => {
    const other = await startRelay({ metrics: true })
    const dan = await person('Dan', [other.address])
    const { link } = await dan.core.call('invitation.create', {})
    const failure = await bob.core.refused('connection.plan', { link, askUnknownRelay: true })
    expect(failure).toMatchObject({
      code: 'RELAY_UNKNOWN',
      details: { address: other.address, warnings: ['port'], retryable: false },
    })
    expect(await commandsAt(other, 'LKEY')).toBe(0)
    expect(await bob.core.call('connection.plan', { link })).toMatchObject({
      ...{ status: 'new', knownRelay: false, warnings: ['unknown-relay', 'port'] },
      preview: { profile: { displayName: 'Dan' } },
    })
  })
})

describe('the short link of an address', () => {
  let relay: RunningRelay
  let owner: Person
  let bob: Person
  let cleo: Person
  let link: string

  beforeAll(async () => {
    relay = await startRelay({ metrics: true })
    ;[owner, bob, cleo] = await three(['Olivia', 'Bob', 'Cleo'], relay)
    const address = await owner.core.call('address.create', {})
    link = address.link
    expect(link).toMatch(/^simplex:\/a#/)
    expect(address.fullLink).toMatch(/^simplex:\/contact#/)
  }, 120_000)
  afterAll(endAll)

  /** Until what the relay shows has caught up with the settings. */
  const shown = (who: Person, matches: (plan: Plan) => boolean): Promise<Plan> =>
    until(async () => {
      const plan = await planned(who, relay, link)
      return matches(plan) && plan
    })

  it('PLN-1, PLN-2: shows profile and welcome, as they are now, under the same link', async () => {
    expect(await planned(owner, relay, link)).toMatchObject({ status: 'own', kind: 'address', form: 'short' })
    expect(await planned(bob, relay, link)).toMatchObject({
      ...{ status: 'new', kind: 'address', form: 'short' },
      preview: { profile: { displayName: 'Olivia' }, message: null },
    })
    await owner.core.call('address.update', { welcomeMessage: 'Welcome!' })
    await owner.core.call('profile.update', { description: 'Painter' })
    await shown(
      bob,
      ({ preview }) => preview?.message === 'Welcome!' && preview.profile.description === 'Painter',
    )
    expect(await commandsAt(relay, 'SEND')).toBe(0)
  })

  it('ADR-10, P: paused it says so, takes nobody, and goes on with the same link', async () => {
    await owner.core.call('address.update', { paused: true })
    await shown(cleo, ({ status }) => status === 'paused')
    expect((await cleo.core.refused('connection.connect', { link })).code).toBe('LINK_PAUSED')
    expect(await rows(cleo)).toBe(0)
    expect(await commandsAt(relay, 'SEND')).toBe(0)
    await owner.core.call('address.update', { paused: false })
    await shown(cleo, ({ status }) => status === 'new')
  })

  it('ADR-3, R: whoever asks sees the welcome at once, once, and as it is when it is let in', async () => {
    const { connectionId, contactId } = await bob.core.call('connection.connect', {
      link,
      message: 'Hi, Bob here',
    })
    expect(contactId).not.toBeNull()
    expect(await bob.core.call('contact.get', { contactId: contactId! })).toMatchObject({
      ...{ name: 'Olivia', status: 'connecting' },
      connectedVia: { kind: 'address' },
    })
    expect(await receivedTexts(bob, contactId!)).toEqual(['Welcome!'])
    const early = await bob.core.refused('message.send', { contactId, text: 'too early' })
    expect(early.code).toBe('NOT_READY')
    expect(await planned(bob, relay, link)).toMatchObject({ status: 'requested', connectionId, contactId })
    await bob.core.call('connection.connect', { link, again: true })
    const request = await until(async () => {
      const [only] = await owner.core.call('request.list', {})
      return only?.repeats === 1 && only
    })
    expect(request).toMatchObject({ message: 'Hi, Bob here', profile: { displayName: 'Bob' } })
    await owner.core.call('address.update', { welcomeMessage: 'Welcome, and mind the dog!' })
    await owner.core.call('request.accept', { requestId: request.requestId })
    await contactNamed(bob, 'Olivia')
    await until(async () => (await receivedTexts(bob, contactId!)).includes('Welcome, and mind the dog!'))
    for (const who of [bob, owner]) await restart(who)
    expect(await receivedTexts(bob, contactId!)).toEqual(['Welcome, and mind the dog!'])
    const owners = await contactNamed(owner, 'Bob')
    await bob.core.call('message.send', { contactId: contactId!, text: 'hello' })
    await until(async () => (await receivedTexts(owner, owners.contactId)).includes('hello'))
    expect((await history(owner, owners.contactId)).map(({ content }) => content.text)).toEqual([
      'Hi, Bob here',
      'Welcome, and mind the dog!',
      'hello',
    ])
    expect(await planned(bob, relay, link)).toMatchObject({ status: 'known', contactId })
  })

  it('ADR-4: while random names let people in, the link names nobody', async () => {
    await owner.core.call('address.update', { autoAccept: { incognito: true } })
    const plan = await shown(cleo, ({ preview }) => preview === null)
    expect(JSON.stringify(plan)).not.toContain('Olivia')
    const { contactId } = await cleo.core.call('connection.connect', { link })
    expect(contactId).toBeNull()
    const contact = await until(async () => {
      const [one] = await cleo.core.call('contact.list', {})
      return one?.status === 'active' && one
    })
    expect(contact.name).not.toBe('Olivia')
    await until(async () => (await receivedTexts(cleo, contact.contactId)).length === 1)
    await owner.core.call('address.update', { autoAccept: null })
    await until(async () => {
      const dan = await bob.core.call('connection.plan', { link })
      return dan.status === 'known'
    })
  })

  it('PLN-1 P, PLN-2: deleted, it is gone', async () => {
    await owner.core.call('address.delete', {})
    const dan = await person('Dan', [relay.address])
    await until(async () => (await planned(dan, relay, link)).status === 'gone')
    expect((await dan.core.refused('connection.connect', { link })).code).toBe('LINK_GONE')
    expect(await rows(dan)).toBe(0)
  })
})

describe('a relay that cannot be reached', () => {
  let silent: Server | null = null
  afterEach(async () => {
    silent?.close()
    silent = null
    await endAll()
  })

  it('PLN-3: a check is stopped on request, and nothing of it appears later', async () => {
    const relay = await startRelay()
    const [ann, bob] = await Promise.all([person('Ann', [relay.address]), person('Bob', [relay.address])])
    const { link } = await ann.core.call('invitation.create', {})
    silent = createServer(() => {})
    await new Promise<void>((resolve) => silent!.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const text = link.replace(/p=\d+/, `p=${port}`)
    const { id, answer } = bob.core.start('connection.plan', { link: text })
    await until(
      async () => new Promise<boolean>((resolve) => silent!.getConnections((_, n) => resolve(n > 0))),
    )
    const events = bob.core.events.length
    expect(await bob.core.call('call.cancel', { id })).toEqual({ cancelled: true })
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await rows(bob)).toBe(0)
    expect(
      bob.core.events
        .slice(events)
        .filter(({ event }) => event !== 'relay.status' && event !== 'network.status'),
    ).toEqual([])
    expect(await bob.core.call('connection.plan', { link })).toMatchObject({ status: 'new' })
  })

  it('N: says so within 10 s, and with whenOnline it waits, over a restart, and connects by itself', async () => {
    const relay = await startRelay()
    const own = await startRelay()
    const [ann, bob] = await Promise.all([person('Ann', [relay.address]), person('Bob', [own.address])])
    const { link } = await ann.core.call('invitation.create', {})
    await ann.core.stop()
    await relay.program.stop()
    const started = performance.now()
    const failure = await bob.core.refused('connection.plan', { link })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(failure).toMatchObject({ code: 'RELAY_UNREACHABLE', details: { retryable: true } })
    expect((await bob.core.refused('connection.connect', { link })).code).toBe('RELAY_UNREACHABLE')
    expect(await rows(bob)).toBe(0)
    const made = await bob.core.call('connection.connect', {
      ...{ link, name: 'Ann, later', message: 'first words', whenOnline: true, once: 'q' },
    })
    expect(made.contactId).toBeNull()
    const { connectionId } = made
    expect(await bob.core.call('connection.connect', { link, whenOnline: true, once: 'q' })).toEqual(made)
    expect(await bob.core.call('connection.list', {})).toMatchObject([
      {
        connectionId,
        phase: 'queued',
        status: 'waiting',
        name: 'Ann, later',
        kind: 'invitation',
        role: 'joiner',
      },
    ])
    expect(await bob.core.call('connection.plan', { link })).toMatchObject({
      status: 'connecting',
      connectionId,
    })
    await restart(bob, 'kill')
    const again = await startRelay({ dataDir: relay.dataDir, port: relay.port })
    await restart(ann)
    const contact = await contactNamed(bob, 'Ann')
    expect(contact.name).toBe('Ann, later')
    const anns = await contactNamed(ann, 'Bob')
    await until(async () => (await receivedTexts(ann, anns.contactId)).includes('first words'))
    expect(await rows(bob)).toBe(1)
    expect(again.address).toBe(relay.address)
  })

  it('a link that waits can be deleted, and one that is used meanwhile says so', async () => {
    const relay = await startRelay()
    const own = await startRelay()
    const people = await Promise.all(
      ['Ann', 'Bob', 'Cleo'].map((name, at) => person(name, [at === 0 ? relay.address : own.address])),
    )
    const [ann, bob, cleo] = people as [Person, Person, Person]
    const first = await ann.core.call('invitation.create', {})
    const second = await ann.core.call('invitation.create', {})
    expect((await cleo.core.call('connection.plan', { link: first.link })).status).toBe('new')
    await relay.program.stop()
    const wait = async (link: string): Promise<string> =>
      (await bob.core.call('connection.connect', { link, whenOnline: true })).connectionId
    const used = await wait(first.link)
    const dropped = await wait(second.link)
    await bob.core.call('connection.delete', { connectionId: dropped })
    await startRelay({ dataDir: relay.dataDir, port: relay.port })
    await until(async () => {
      const connection = await bob.core.call('connection.get', { connectionId: used })
      return connection.phase === 'refused' && connection.error?.code === 'LINK_USED'
    })
    expect(await rows(bob)).toBe(1)
    expect((await cleo.core.call('connection.connect', { link: first.link })).contactId).not.toBeNull()
  })
})
