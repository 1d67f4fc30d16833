import { readFileSync } from 'node:fs'
import { afterAll, expect, it, vi } from 'vitest'
import type { Address, Contact } from '#core/contract'
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

it.each([{ incognito: false }, { incognito: true }])(
  'ADR-2, ADR-3, ADR-4: by hand or by itself, with or without a welcome; incognito: $incognito',
  async ({ incognito }) => {
    const relay = await startRelay()
    const [olivia, bob, cleo, dan] = await Promise.all(
      ['Olivia', 'Bob', 'Cleo', 'Dan'].map((name) => person(name, [relay.address])),
    )
    const all = [olivia!, bob!, cleo!, dan!]
    const askers = [bob!, cleo!, dan!]
    const killAll = (): Promise<unknown> => Promise.all(all.map((who) => restart(who, 'kill')))

    const addresses: Address[] = []
    for (const { auto, welcome } of KINDS) {
      const label = `${auto} ${welcome}`
      const { addressId } = await olivia!.core.call('address.create', { label })
      const settings = { autoAccept: auto ? { incognito } : null, welcomeMessage: welcome }
      addresses.push(await olivia!.core.call('address.update', { addressId, ...settings }))
    }
    await killAll()
    expect(await olivia!.core.call('address.list', {})).toEqual(addresses)

    await Promise.all(
      askers.map(async (who) => {
        for (const { link } of addresses) await who.core.call('connection.connect', { link })
      }),
    )
    await killAll()
    await until(async () => {
      const now = await olivia!.core.call('address.list', {})
      return now.every(({ requests }) => requests.total === 3)
    })
    await killAll()
    const waiting = (await olivia!.core.call('request.list', {})).filter(({ state }) => state === 'waiting')
    expect(waiting).toHaveLength(6)
    const byHand = waiting.map(({ requestId }) =>
      olivia!.core.call('request.accept', { requestId, incognito }).catch(() => null),
    )
    await Promise.race(byHand)
    await killAll()
    // What was not begun before the end is asked for again; what was goes on by itself.
    for (const { requestId, state } of await olivia!.core.call('request.list', {}))
      if (state === 'waiting') await olivia!.core.call('request.accept', { requestId, incognito })

    const theirs = await Promise.all(askers.map((who) => contactsThrough(who, addresses)))
    const ours = await until(async () => {
      const contacts = await olivia!.core.call('contact.list', {})
      return contacts.length === 12 && contacts.every(({ status }) => status === 'active') && contacts
    })
    await killAll()
    for (const contact of ours)
      await olivia!.core.call('message.send', { contactId: contact.contactId, text: 'and now' })

    const names = theirs.flat().map(({ profile }) => profile.displayName)
    expect(new Set(names).size).toBe(incognito ? 12 : 1)
    expect(names.includes('Olivia')).toBe(!incognito)
    for (const [i, who] of askers.entries()) {
      for (const [n, contact] of theirs[i]!.entries()) {
        const { welcome } = KINDS[n]!
        const texts = [...(welcome === null ? [] : [welcome]), 'and now']
        const seen = (): Promise<string[]> => receivedTexts(who, contact.contactId)
        await until(async () => (await seen()).includes('and now'))
        expect(await seen()).toEqual(texts)
        await who.core.call('message.send', { contactId: contact.contactId, text: `from ${who.name}` })
      }
    }
    for (const { contactId, profile } of ours)
      await until(
        async () => (await receivedTexts(olivia!, contactId)).at(-1) === `from ${profile.displayName}`,
      )
    const counts = (await olivia!.core.call('address.list', {})).map(({ requests }) => requests)
    for (const requests of counts)
      expect(requests).toEqual({ waiting: 0, total: 3, accepted: 3, rejected: 0, dropped: 0 })

    await Promise.all(all.map((who) => who.core.stop()))
    if (!incognito) return
    for (const path of askers.flatMap((who) => filesUnder(who.dataDir)))
      expect(readFileSync(path).includes('Olivia'), path).toBe(false)
  },
)

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
