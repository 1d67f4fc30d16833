import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contact } from '#core/contract'
import {
  allDelivered,
  connectPeople,
  contactNamed,
  history,
  numbered,
  type Person,
  person,
  receivedTexts,
  restart,
} from '../tools/people.ts'
import { endAll, Headless, type RunningRelay, startRelay, tempDir, until } from '../tools/programs.ts'

const COUNT = 100

describe('two headless programs and a relay', () => {
  let relay: RunningRelay
  let ann: Person
  let bob: Person
  let annsBob: Contact
  let bobsAnn: Contact
  let link: string

  beforeAll(async () => {
    relay = await startRelay()
    ;[ann, bob] = await Promise.all([person('Ann', [relay.address]), person('Bob', [relay.address])])
    const connected = await connectPeople(ann, bob)
    annsBob = connected.creatorsContact
    bobsAnn = connected.joinersContact
    link = connected.link
  })
  afterAll(endAll)

  it('INV-2: connects by a one-time link, with one contact on each side and no pending row left', async () => {
    for (const who of [ann, bob]) {
      expect(await who.core.call('contact.list', {})).toHaveLength(1)
      expect(await who.core.call('connection.list', {})).toEqual([])
    }
  })

  it('PEN-3: the row keeps its id from link to contact, and one notification is raised', async () => {
    const ids = new Set(
      ann.core.events
        .filter(({ event }) => event === 'connection.updated')
        .map(({ data }) => (data as { rowId: string }).rowId),
    )
    expect([...ids]).toEqual([annsBob.rowId])
    const shown = ann.core.events.filter(
      ({ event, data }) => event === 'notification.show' && (data as { kind: string }).kind === 'connected',
    )
    expect(shown).toHaveLength(1)
    expect(ann.core.events.filter(({ event }) => event === 'contact.connected')).toHaveLength(1)
    expect(bob.core.events.filter(({ event }) => event === 'contact.connected')).toHaveLength(1)
  })

  it('CHT-1: carries 100 messages each way, in order, each delivered', async () => {
    await Promise.all([
      sendAll(ann, annsBob, numbered('ann', COUNT)),
      sendAll(bob, bobsAnn, numbered('bob', COUNT)),
    ])
    await Promise.all([
      allDelivered(ann, annsBob.contactId, COUNT),
      allDelivered(bob, bobsAnn.contactId, COUNT),
    ])
    expect(await receivedTexts(bob, bobsAnn.contactId)).toEqual(numbered('ann', COUNT))
    expect(await receivedTexts(ann, annsBob.contactId)).toEqual(numbered('bob', COUNT))
    expect((await ann.core.call('contact.get', { contactId: annsBob.contactId })).unread).toBe(COUNT)
  })

  it('marks a chat as read', async () => {
    await ann.core.call('chat.markRead', { contactId: annsBob.contactId })
    expect((await ann.core.call('contact.get', { contactId: annsBob.contactId })).unread).toBe(0)
    await ann.core.waitForEvent('notification.clear', (data) =>
      data.notificationId.includes(annsBob.contactId),
    )
  })

  it('CHT-1: keeps everything through a restart of each program in turn, and talks on', async () => {
    const before = await history(ann, annsBob.contactId)
    await restart(ann)
    await sendAll(bob, bobsAnn, ['after the restart of ann'])
    await restart(bob)
    expect(await relay.program.stop()).toBe(0)
    relay = await startRelay({ dataDir: relay.dataDir, port: relay.port })
    await sendAll(ann, annsBob, ['after the restart of all'])
    await allDelivered(ann, annsBob.contactId, COUNT + 1)
    await allDelivered(bob, bobsAnn.contactId, COUNT + 1)
    const after = await history(ann, annsBob.contactId)
    const ids = new Set(after.map((message) => message.messageId))
    expect(ids.size).toBe(2 * COUNT + 2)
    expect(before.every((message) => ids.has(message.messageId))).toBe(true)
    expect(await receivedTexts(bob, bobsAnn.contactId)).toEqual([
      ...numbered('ann', COUNT),
      'after the restart of all',
    ])
  })

  it('INV-2: answers LINK_USED to a third program, where no contact appears', async () => {
    const cleo = await person('Cleo', [relay.address])
    const failure = await cleo.core.refused('connection.connect', { link })
    expect(failure.code).toBe('LINK_USED')
    expect(failure.details.retryable).toBe(false)
    expect(await cleo.core.call('contact.list', {})).toEqual([])
    expect(await cleo.core.call('connection.list', {})).toEqual([])
    expect(await ann.core.call('contact.list', {})).toHaveLength(1)
    await cleo.core.stop()
  })

  it('PLN: both sides know the link, whatever its scheme', async () => {
    const web = link.replace('simplex:/', 'https://simplex.chat/')
    for (const text of [link, web, ` <${link}>. `]) {
      expect(await bob.core.call('connection.plan', { link: text })).toMatchObject({
        status: 'known',
        contactId: bobsAnn.contactId,
      })
      expect(await bob.core.refused('connection.connect', { link: text })).toMatchObject({
        code: 'ALREADY_CONNECTED',
        details: { contactId: bobsAnn.contactId },
      })
    }
  })

  it('tells contacts about a changed profile', async () => {
    await ann.core.call('profile.update', { displayName: 'Anna', description: 'on a boat' })
    const contact = await contactNamed(bob, 'Anna')
    expect(contact).toMatchObject({ contactId: bobsAnn.contactId, profile: { description: 'on a boat' } })
  })

  it('INV-4: a private name is local', async () => {
    await bob.core.call('contact.setName', { contactId: bobsAnn.contactId, name: 'Secret alias' })
    expect((await bob.core.call('contact.get', { contactId: bobsAnn.contactId })).name).toBe('Secret alias')
    expect(JSON.stringify(ann.core.events)).not.toContain('Secret alias')
  })

  it('refuses a second process on the same folder with code 2, and stops within 5 s when stdin ends', async () => {
    const second = new Headless({ dataDir: ann.dataDir, relays: [] })
    expect(await second.exited).toBe(2)
    expect(second.log).toContain('already running')
    const started = performance.now()
    bob.core.child.stdin.end()
    expect(await bob.core.exited).toBe(0)
    expect(performance.now() - started).toBeLessThan(5_000)
    await restart(bob)
  })

  it('INF-4: deleting a contact with notice reaches the other side, whose history stays', async () => {
    await ann.core.call('contact.delete', { contactId: annsBob.contactId })
    expect(await ann.core.call('contact.list', {})).toEqual([])
    const contact = await until(async () => {
      const now = await bob.core.call('contact.get', { contactId: bobsAnn.contactId })
      return now.status === 'deleted-by-peer' && now
    })
    expect(await receivedTexts(bob, contact.contactId)).toHaveLength(COUNT + 1)
    const failure = await bob.core.refused('message.send', { contactId: contact.contactId, text: 'hello?' })
    expect(failure.code).toBe('NOT_READY')
  })

  it('leaves no name, text or link in logs or at the relay, and no file for others to read', async () => {
    const secrets = [
      ...numbered('ann', 1),
      'after the restart',
      'Secret alias',
      'Anna',
      'Cleo',
      'on a boat',
      'simplex:',
    ]
    const logs = [relay.program.log, ann.core.log, bob.core.log].join('\n')
    const files = filesUnder(relay.dataDir).map((path) => readFileSync(path, 'latin1'))
    for (const secret of secrets) {
      expect(logs).not.toContain(secret)
      for (const content of files) expect(content).not.toContain(secret)
    }
    for (const path of [ann.dataDir, relay.dataDir].flatMap(filesUnder)) {
      expect(`${path} ${(statSync(path).mode & 0o077).toString(8)}`).toBe(`${path} 0`)
    }
  })
})

describe('a headless program alone', () => {
  afterAll(endAll)

  it('ONB-1: makes its folder for the owner alone and asks no relay before the first call that needs one', async () => {
    const dataDir = join(tempDir(), 'new', 'folder')
    const core = new Headless({ dataDir, relays: [] })
    const ready = await core.waitForEvent('app.ready')
    expect(ready).toEqual({ version: expect.any(String) as string, profile: null, state: 'ready' })
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(core.events.map(({ event }) => event)).toEqual(['app.ready'])
    expect(await core.call('network.get', {})).toMatchObject({
      state: 'online',
      waitingToSend: 0,
      choice: 'embedded',
      embedded: { on: true, reachableFrom: 'this-computer' },
    })
    expect(await core.stop('SIGINT')).toBe(0)
  })

  it('ONB-2, ONB-7: keeps the onboarding step, and makes one profile', async () => {
    const dataDir = tempDir()
    let core = new Headless({ dataDir, relays: [] })
    expect(await core.refused('invitation.create', {})).toMatchObject({ code: 'NO_PROFILE' })
    const wrong = await core.refused('profile.create', { displayName: "  O'Hara " })
    expect(wrong).toMatchObject({
      code: 'INVALID_PARAMS',
      details: { path: 'displayName', suggestion: 'OHara' },
    })
    const two = ['a', 'a'].map((once) => core.call('profile.create', { displayName: 'Ann', once }))
    expect(await Promise.all(two)).toEqual([{ displayName: 'Ann' }, { displayName: 'Ann' }])
    expect(await core.refused('profile.create', { displayName: 'ann' })).toMatchObject({
      code: 'ALREADY_EXISTS',
    })
    expect((await core.call('app.setOnboarding', { step: 'relays' })).onboarding).toBe('relays')
    await core.kill()
    core = new Headless({ dataDir, relays: [] })
    expect((await core.waitForEvent('app.ready')).profile).toEqual({ displayName: 'Ann' })
    expect((await core.call('app.get', {})).onboarding).toBe('relays')
    const image = `data:image/png;base64,${'A'.repeat(12_500)}`
    expect(await core.refused('profile.update', { image })).toMatchObject({
      code: 'TOO_LARGE',
      details: { path: 'image', limit: 12_500 },
    })
    await core.stop()
  })

  it('runs its own relay, on a port that is kept, and makes links there', async () => {
    const dataDir = tempDir()
    let core = new Headless({ dataDir, relays: [] })
    await core.call('profile.create', { displayName: 'Ann' })
    const { link, fullLink } = await core.call('invitation.create', { name: 'Bob' })
    const first = (await core.call('network.get', {})).embedded.address
    expect(first).toMatch(/^smp:\/\/[\w-]{43}=@127\.0\.0\.1:\d+$/)
    expect(link).toContain('127.0.0.1')
    await core.stop()
    core = new Headless({ dataDir, relays: [] })
    expect((await core.call('network.get', {})).embedded.address).toBe(first)
    expect(await core.call('connection.list', {})).toMatchObject([
      { name: 'Bob', phase: 'unused', status: 'waiting', link, fullLink, role: 'creator' },
    ])
    await core.stop()
  })

  it('ONB-4: switches between kinds of relays, and keeps the choice', async () => {
    const dataDir = tempDir()
    let core = new Headless({ dataDir, relays: [] })
    await core.call('profile.create', { displayName: 'Ann' })
    const near = (await core.call('network.get', {})).embedded.address
    const far = await core.call('network.update', { embedded: { on: true, reachableFrom: 'local-network' } })
    expect(far.embedded).toMatchObject({ on: true, reachableFrom: 'local-network' })
    const portAndKey = (address: string | null): unknown[] => [
      address?.split('@')[0],
      address?.split(':').at(-1),
    ]
    expect(portAndKey(far.embedded.address)).toEqual(portAndKey(near))
    const off = await core.call('network.update', { choice: 'own', embedded: { on: false } })
    expect(off).toMatchObject({ choice: 'own', embedded: { on: false, address: null, reachableFrom: null } })
    expect(await core.call('relay.list', {})).toEqual([])
    const failure = await core.refused('invitation.create', {})
    expect(failure).toMatchObject({ code: 'RELAY_UNREACHABLE', details: { retryable: false } })
    await core.stop()
    core = new Headless({ dataDir, relays: [] })
    expect(await core.call('network.get', {})).toMatchObject({ choice: 'own', embedded: { on: false } })
    await core.call('network.update', {
      choice: 'embedded',
      embedded: { on: true, reachableFrom: 'this-computer' },
    })
    expect(await core.call('relay.list', {})).toMatchObject([
      { address: near, embedded: true, state: 'online' },
    ])
    await core.call('invitation.create', {})
    await core.stop()
  })
})

async function sendAll(who: Person, contact: Contact, texts: readonly string[]): Promise<void> {
  await Promise.all(
    texts.map((text) => who.core.call('message.send', { contactId: contact.contactId, text })),
  )
}

function filesUnder(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
