import { readFileSync } from 'node:fs'
import { afterAll, expect, it, vi } from 'vitest'
import type { Address, Contact, Request } from '#core/contract'
import { contactNamed, person, type Person, receivedTexts, restart } from '../tools/people.ts'
import { endAll, filesUnder, startRelay, until } from '../tools/programs.ts'

/* One owner, three who ask, every way to let them in, and all of them killed between all steps. */

afterAll(endAll)
// Four programs start anew six times.
vi.setConfig({ testTimeout: 240_000 })

const WELCOME = 'Welcome! I answer in the evening.'
const KINDS = [
  { auto: false, welcome: null },
  { auto: false, welcome: WELCOME },
  { auto: true, welcome: null },
  { auto: true, welcome: WELCOME },
]

it('ADR-2, ADR-3, ADR-4: by hand or by itself, with or without a welcome, as oneself and incognito', async () => {
  const relay = await startRelay()
  const [olivia, bob, cleo, dan] = await Promise.all([
    person('Olivia', [relay.address]),
    person('Bob', [relay.address]),
    person('Cleo', [relay.address]),
    person('Dan', [relay.address]),
  ])
  const all = [olivia, bob, cleo, dan]
  const killAll = (): Promise<unknown> => Promise.all(all.map((who) => restart(who, 'kill')))

  const open = await makeAddresses(olivia, false)
  const hidden = await makeAddresses(olivia, true)
  // Bob and Cleo never meet her name.
  const asked = new Map([
    [bob, hidden],
    [cleo, hidden],
    [dan, open],
  ])
  await killAll()
  expect(await olivia.core.call('address.list', {})).toEqual([...open, ...hidden])

  const ask = async (who: Person, addresses: readonly Address[]): Promise<void> => {
    for (const { link } of addresses) await who.core.call('connection.connect', { link })
  }
  await Promise.all([...asked].map(([who, addresses]) => ask(who, addresses)))
  await killAll()
  const totals = [...open.map(() => 1), ...hidden.map(() => 2)]
  await until(async () => {
    const now = await olivia.core.call('address.list', {})
    return now.every(({ requests }, n) => requests.total === totals[n])
  })
  await killAll()
  const accept = ({ requestId, addressId }: Request): Promise<unknown> =>
    olivia.core.call('request.accept', {
      requestId,
      incognito: hidden.some((address) => address.addressId === addressId),
    })
  const waiting = await waitingRequests(olivia)
  expect(waiting).toHaveLength(6)
  await Promise.race(waiting.map((request) => accept(request).catch(() => null)))
  await killAll()
  // What was not begun before the end is asked for again; what was goes on by itself.
  for (const request of await waitingRequests(olivia)) await accept(request)

  const theirs = new Map(
    await Promise.all(
      [...asked].map(async ([who, addresses]) => [who, await contactsThrough(who, addresses)] as const),
    ),
  )
  const ours = await until(async () => {
    const contacts = await olivia.core.call('contact.list', {})
    return contacts.length === 12 && contacts.every(({ status }) => status === 'active') && contacts
  })
  await killAll()
  for (const contact of ours)
    await olivia.core.call('message.send', { contactId: contact.contactId, text: 'and now' })

  const names = (...people: Person[]): string[] =>
    people.flatMap((who) => theirs.get(who)!.map(({ profile }) => profile.displayName))
  expect(names(dan)).toEqual(Array(4).fill('Olivia'))
  expect(new Set(names(bob, cleo)).size).toBe(8)
  expect(names(bob, cleo)).not.toContain('Olivia')
  for (const [who, contacts] of theirs) await expectTalk(who, contacts)
  for (const { contactId, profile } of ours)
    await until(async () => (await receivedTexts(olivia, contactId)).at(-1) === `from ${profile.displayName}`)
  for (const [n, { requests }] of (await olivia.core.call('address.list', {})).entries()) {
    const total = totals[n]!
    expect(requests).toEqual({ waiting: 0, total, accepted: total, rejected: 0, dropped: 0 })
  }

  await Promise.all(all.map((who) => who.core.stop()))
  for (const path of [bob, cleo].flatMap((who) => filesUnder(who.dataDir)))
    expect(readFileSync(path).includes('Olivia'), path).toBe(false)
})

/** An address of each kind, whose requests are accepted as oneself or incognito. */
async function makeAddresses(owner: Person, incognito: boolean): Promise<Address[]> {
  const addresses: Address[] = []
  for (const { auto, welcome } of KINDS) {
    const label = `${auto} ${welcome} ${incognito}`
    const { addressId } = await owner.core.call('address.create', { label })
    const settings = { autoAccept: auto ? { incognito } : null, welcomeMessage: welcome }
    addresses.push(await owner.core.call('address.update', { addressId, ...settings }))
  }
  return addresses
}

async function waitingRequests(owner: Person): Promise<Request[]> {
  return (await owner.core.call('request.list', {})).filter(({ state }) => state === 'waiting')
}

/** What came through each kind of address: the welcome once where there is one, then the message; and an answer goes back. */
async function expectTalk(who: Person, contacts: readonly Contact[]): Promise<void> {
  for (const [n, { contactId }] of contacts.entries()) {
    const { welcome } = KINDS[n]!
    const seen = (): Promise<string[]> => receivedTexts(who, contactId)
    await until(async () => (await seen()).includes('and now'))
    expect(await seen()).toEqual([...(welcome === null ? [] : [welcome]), 'and now'])
    await who.core.call('message.send', { contactId, text: `from ${who.name}` })
  }
}

/** The contact that came of each address, in their order. */
async function contactsThrough(who: Person, addresses: readonly Address[]): Promise<Contact[]> {
  const found: Contact[] = []
  for (const { link } of addresses) {
    const contactId = await until(
      async () => (await who.core.call('connection.plan', { link })).contactId ?? null,
    )
    found.push(
      await until(async () => {
        const contact = await who.core.call('contact.get', { contactId })
        return contact.status === 'active' && contact
      }),
    )
  }
  return found
}

it('ADR-3, ADR-7: deleted between acceptance and connection, the welcome is sent all the same, and once', async () => {
  const relay = await startRelay()
  const [olivia, bob, cleo] = await Promise.all([
    person('Olivia', [relay.address]),
    person('Bob', [relay.address]),
    person('Cleo', [relay.address]),
  ])
  const { link } = await olivia.core.call('address.create', {})
  await olivia.core.call('address.update', { welcomeMessage: WELCOME })
  await bob.core.call('connection.connect', { link })
  await cleo.core.call('connection.connect', { link })
  const requests = await until(async () => {
    const list = await olivia.core.call('request.list', {})
    return list.length === 2 && list
  })
  const idOf = (name: string): string =>
    requests.find(({ profile }) => profile.displayName === name)!.requestId

  // Bob is away while he is let in, and the address is gone before he comes.
  await bob.core.kill()
  await olivia.core.call('request.accept', { requestId: idOf('Bob') })
  // For Cleo the relay is away, so that her acceptance has only begun.
  await relay.program.stop()
  await olivia.core.call('request.accept', { requestId: idOf('Cleo') })
  await olivia.core.call('address.delete', {})
  await restart(olivia, 'kill')
  expect(await olivia.core.call('address.list', {})).toEqual([])
  const [accepting] = await olivia.core.call('request.list', {})
  expect(accepting).toMatchObject({ state: 'accepting', addressId: null })
  await startRelay({ dataDir: relay.dataDir, port: relay.port })
  await restart(bob)

  for (const who of [bob, cleo]) {
    const { contactId } = await contactNamed(who, 'Olivia')
    await until(async () => (await receivedTexts(who, contactId)).length > 0)
    await restart(who, 'kill')
    await restart(olivia, 'kill')
    const ours = await contactNamed(olivia, who.name)
    await olivia.core.call('message.send', { contactId: ours.contactId, text: 'and now' })
    await until(async () => (await receivedTexts(who, contactId)).includes('and now'))
    expect(await receivedTexts(who, contactId)).toEqual([WELCOME, 'and now'])
  }
  await Promise.all([olivia, bob, cleo].map((who) => who.core.stop()))
})
