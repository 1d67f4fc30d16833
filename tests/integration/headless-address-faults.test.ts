import { afterAll, expect, it } from 'vitest'
import type { Address, Request } from '#core/contract'
import { contactNamed, person, type Person, receivedTexts, restart } from '../tools/people.ts'
import { CallFailed, endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'

afterAll(endAll)

const again = (relay: RunningRelay): Promise<RunningRelay> =>
  startRelay({ dataDir: relay.dataDir, port: relay.port })

function firstRequest(owner: Person): Promise<Request> {
  return until(async () => (await owner.core.call('request.list', {}))[0])
}

async function defaultAddress(owner: Person): Promise<Address> {
  const address = await owner.core.call('address.get', {})
  if (!address) throw new Error('no address')
  return address
}

it('REQ-5: accepting without a network waits as accepting, over restarts, and happens once', async () => {
  let relay = await startRelay()
  const [olivia, bob] = await Promise.all([person('Olivia', [relay.address]), person('Bob', [relay.address])])
  const { link } = await olivia.core.call('address.create', {})
  await olivia.core.call('address.update', { welcomeMessage: 'Welcome!' })
  await bob.core.call('connection.connect', { link, message: 'May I?' })
  const { requestId } = await firstRequest(olivia)
  await relay.program.stop()
  const started = performance.now()
  const accepted = await olivia.core.call('request.accept', { requestId, incognito: true })
  expect(performance.now() - started).toBeLessThan(8_000)
  expect(await firstRequest(olivia)).toMatchObject({ requestId, state: 'accepting' })
  await restart(olivia, 'kill')
  expect(await firstRequest(olivia)).toMatchObject({ requestId, state: 'accepting' })
  // A second click, and another wish: what was begun stays.
  expect(await olivia.core.call('request.accept', { requestId })).toEqual(accepted)
  relay = await again(relay)
  const olivias = await contactNamed(olivia, 'Bob')
  expect(olivias.incognitoProfile).not.toBeNull()
  const bobs = await contactNamed(bob, olivias.incognitoProfile!.displayName)
  await until(async () => (await receivedTexts(bob, bobs.contactId)).length > 0)
  await restart(olivia)
  await restart(bob)
  expect(await receivedTexts(bob, bobs.contactId)).toEqual(['Welcome!'])
  expect(await olivia.core.call('contact.list', {})).toHaveLength(1)
  await Promise.all([olivia, bob].map((who) => who.core.stop()))
})

it('ADR-8: a replacement that fails leaves the old link, one that stops half-way leaves the new one and says so', async () => {
  let first = await startRelay()
  const olivia = await person('Olivia', [first.address])
  const old = await olivia.core.call('address.create', {})
  await first.program.stop()
  const failure = await olivia.core.refused('address.replace', {})
  expect(failure).toMatchObject({ code: 'RELAY_UNREACHABLE', details: { retryable: true } })
  expect(await defaultAddress(olivia)).toMatchObject({ link: old.link, state: 'active' })

  const second = await startRelay()
  await olivia.core.call('relay.add', { address: second.address })
  const replaced = await olivia.core.call('address.replace', {})
  expect(replaced).toMatchObject({ state: 'replacing', addressId: old.addressId })
  expect(replaced.link).not.toBe(old.link)
  expect((await olivia.core.call('connection.plan', { link: old.fullLink })).status).not.toBe('own')
  await restart(olivia, 'kill')
  expect(await defaultAddress(olivia)).toMatchObject({ state: 'replacing', link: replaced.link })

  const bob = await person('Bob', [second.address])
  await bob.core.call('connection.connect', { link: replaced.link })
  await firstRequest(olivia)
  first = await again(first)
  expect(await olivia.core.call('address.replace', {})).toMatchObject({ link: replaced.link })
  await until(async () => (await defaultAddress(olivia)).state === 'active')
  await olivia.core.waitForEvent('address.updated', ({ state }) => state === 'active')
  expect((await bob.core.refused('connection.connect', { link: old.link })).code).toBe('LINK_GONE')
  await Promise.all([olivia, bob].map((who) => who.core.stop()))
})

it('ADR-12: says that its relay is switched off, takes requests all the same, and is replaced at another', async () => {
  const [first, second] = await Promise.all([startRelay(), startRelay()])
  const olivia = await person('Olivia', [first.address])
  const bob = await person('Bob', [first.address])
  const old = await olivia.core.call('address.create', {})
  expect(old.relayEnabled).toBe(true)
  await olivia.core.call('relay.add', { address: second.address })
  await olivia.core.call('relay.setEnabled', { address: first.address, enabled: false })
  expect(await defaultAddress(olivia)).toMatchObject({ relayEnabled: false, state: 'active', link: old.link })
  await olivia.core.waitForEvent('address.updated', ({ relayEnabled }) => !relayEnabled)
  await bob.core.call('connection.connect', { link: old.link })
  await firstRequest(olivia)
  const replaced = await olivia.core.call('address.replace', {})
  expect(replaced).toMatchObject({ relayEnabled: true, state: 'active', requests: { waiting: 1 } })
  expect(replaced.link).not.toBe(old.link)
  await olivia.core.call('request.accept', { requestId: (await firstRequest(olivia)).requestId })
  await contactNamed(olivia, 'Bob')
  await Promise.all([olivia, bob].map((who) => who.core.stop()))
})

it('ADR-1: an address whose relay is silent is not made, and nothing half-made is shown', async () => {
  const relay = await startRelay()
  const olivia = await person('Olivia', [relay.address])
  await relay.program.stop()
  expect((await olivia.core.refused('address.create', { once: 'o' })).code).toBe('RELAY_UNREACHABLE')
  expect(await olivia.core.call('address.list', {})).toEqual([])
  await again(relay)
  await olivia.core.call('address.create', { once: 'o' })
  expect(await olivia.core.call('address.list', {})).toHaveLength(1)
  await olivia.core.stop()
})

const FLOOD = 300

it('REQ-7: 300 requests raise three notifications a minute, show as a flood, and go in one call', async () => {
  const relay = await startRelay()
  const [olivia, bob] = await Promise.all([person('Olivia', [relay.address]), person('Bob', [relay.address])])
  const { link, addressId } = await olivia.core.call('address.create', {})
  const started = performance.now()
  for (let i = 0; i < FLOOD; i++) {
    // Who withdraws and asks anew is somebody new for the owner.
    const { connectionId } = await bob.core.call('connection.connect', { link, message: `number ${i}` })
    await bob.core.call('connection.delete', { connectionId })
  }
  const minutes = Math.ceil((performance.now() - started) / 60_000)
  const address = await until(async () => {
    const now = await defaultAddress(olivia)
    return now.requests.waiting === FLOOD && now
  })
  expect(address).toMatchObject({ flood: true, requests: { total: FLOOD, dropped: 0 } })
  const shown = olivia.core.events.filter(
    ({ event, data }) => event === 'notification.show' && (data as { kind: string }).kind === 'request',
  )
  expect(shown.length).toBeLessThanOrEqual(3 * minutes + 3)
  const page = await olivia.core.call('request.list', { limit: 100 })
  const next = await olivia.core.call('request.list', { limit: 100, before: page.at(-1)!.requestId })
  expect(new Set([...page, ...next].map(({ requestId }) => requestId)).size).toBe(200)
  expect(page[0]?.message).toBe(`number ${FLOOD - 1}`)
  expect(await olivia.core.call('request.list', { text: 'number 299' })).toHaveLength(1)
  expect(await olivia.core.call('request.rejectMany', { requestIds: [page[0]!.requestId, 'gone'] })).toEqual({
    rejected: 1,
  })
  const { rejected } = await olivia.core.call('request.rejectMany', { addressId, all: true })
  expect(rejected).toBe(FLOOD - 1)
  expect(await olivia.core.call('request.list', {})).toEqual([])
  await Promise.all([olivia, bob].map((who) => who.core.stop()))
})

it('a picture that does not fit beside a message stays out of the request; a message that does not is refused', async () => {
  const relay = await startRelay()
  const [olivia, bob] = await Promise.all([person('Olivia', [relay.address]), person('Bob', [relay.address])])
  const image = `data:image/png;base64,${'A'.repeat(12_000)}`
  await bob.core.call('profile.update', { image })
  const { link } = await olivia.core.call('address.create', {})
  const failure = await bob.core.refused('connection.connect', { link, message: 'x'.repeat(15_300) })
  expect(failure).toBeInstanceOf(CallFailed)
  expect(failure).toMatchObject({ code: 'TOO_LARGE', details: { path: 'message' } })
  expect(await bob.core.call('connection.list', {})).toEqual([])
  await bob.core.call('connection.connect', { link, message: 'y'.repeat(8_000) })
  const request = await firstRequest(olivia)
  expect(request.message).toHaveLength(8_000)
  expect(request.profile.image).toBeUndefined()
  await olivia.core.call('request.accept', { requestId: request.requestId })
  await until(async () => (await contactNamed(olivia, 'Bob')).profile.image === image)
  await Promise.all([olivia, bob].map((who) => who.core.stop()))
})
