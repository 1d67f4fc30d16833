import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connection } from '#core/contract'
import { contactNamed, type Person, person, restart } from '../tools/people.ts'
import { endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'

const PASSWORD = 'opensesame'

/** A relay of Bob's that makes queues only for whoever has its password, and Bob has lost it. */
const without = (address: string): string => address.replace(/:[^:@/]*@/, '@')
const withPassword = (address: string): string => without(address).replace('@', `:${PASSWORD}@`)

function pendingOf(who: Person, connectionId: string): Promise<Connection> {
  return who.core.call('connection.get', { connectionId })
}

/** What the row says as long as a relay of ours is in the way. */
async function waitsForOwn(who: Person, connectionId: string, relay: RunningRelay): Promise<void> {
  const row = await until(async () => {
    const now = await pendingOf(who, connectionId)
    return now.error ? now : undefined
  })
  expect(row).toMatchObject({
    status: row.phase === 'queued' ? 'waiting' : 'connecting',
    error: { code: 'RELAY_AUTH', retryable: true, address: without(relay.address) },
  })
}

async function onceConnected(...pairs: readonly (readonly [Person, string])[]): Promise<void> {
  for (const [who, name] of pairs) {
    await contactNamed(who, name)
    const contacts = await who.core.call('contact.list', {})
    expect(contacts.filter(({ profile }) => profile.displayName === name)).toHaveLength(1)
  }
}

describe('a relay of ours that makes no queue uses up nothing', () => {
  let open: RunningRelay
  let closed: RunningRelay
  let ann: Person
  let bob: Person

  beforeAll(async () => {
    ;[open, closed] = await Promise.all([startRelay(), startRelay({ password: PASSWORD })])
  })
  afterAll(endAll)

  async function meet(): Promise<void> {
    ;[ann, bob] = await Promise.all([person('Ann', [open.address]), person('Bob', [without(closed.address)])])
  }
  const forget = (): Promise<unknown> => Promise.all([ann.core.stop(), bob.core.stop()])

  it('a one-time link goes on with a password that is given later, and is never said to be used', async () => {
    await meet()
    const { link } = await ann.core.call('invitation.create', {})
    const { connectionId } = await bob.core.call('connection.connect', { link })
    await waitsForOwn(bob, connectionId, closed)
    expect(await bob.core.call('connection.plan', { link })).toMatchObject({
      status: 'connecting',
      connectionId,
    })
    expect((await bob.core.refused('connection.connect', { link })).code).toBe('ALREADY_CONNECTED')
    await bob.core.call('relay.add', { address: withPassword(closed.address) })
    await onceConnected([ann, 'Bob'], [bob, 'Ann'])
    await forget()
  })

  it('a full link goes on after a restart with the password, and after the program was killed', async () => {
    await meet()
    const { fullLink } = await ann.core.call('invitation.create', {})
    const { connectionId } = await bob.core.call('connection.connect', { link: fullLink! })
    await waitsForOwn(bob, connectionId, closed)
    await restart(bob, 'kill')
    await waitsForOwn(bob, connectionId, closed)
    bob.relays = [withPassword(closed.address)]
    await restart(bob)
    await onceConnected([ann, 'Bob'], [bob, 'Ann'])
    await forget()
  })

  it('another relay of ours takes its place by itself, and none that is off by hand', async () => {
    await meet()
    const { link } = await ann.core.call('invitation.create', {})
    const { connectionId } = await bob.core.call('connection.connect', { link })
    await waitsForOwn(bob, connectionId, closed)
    await bob.core.call('relay.add', { address: open.address })
    await onceConnected([ann, 'Bob'], [bob, 'Ann'])
    await bob.core.call('relay.setEnabled', { address: open.address, enabled: false })

    const carol = await person('Carol', [open.address])
    const second = await carol.core.call('invitation.create', {})
    const { connectionId: row } = await bob.core.call('connection.connect', { link: second.link! })
    await waitsForOwn(bob, row, closed)
    expect(await bob.core.call('connection.retry', { connectionId: row })).toMatchObject({
      status: 'connecting',
    })
    await waitsForOwn(bob, row, closed)
    const refused = await bob.core.refused('connection.retry', { connectionId: row, relay: open.address })
    expect(refused).toMatchObject({ code: 'NOT_READY', details: { path: 'relay' } })
    await bob.core.call('relay.setEnabled', { address: open.address, enabled: true })
    await onceConnected([carol, 'Bob'], [bob, 'Carol'])
    await carol.core.stop()
    await forget()
  })

  it('asking at an address names the own relay, waits as a row where that is wanted, and is asked once', async () => {
    await meet()
    const { link } = await ann.core.call('address.create', {})
    const failure = await bob.core.refused('connection.connect', { link, message: 'hello' })
    expect(failure).toMatchObject({
      code: 'RELAY_AUTH',
      details: { own: true, address: without(closed.address) },
    })
    const { connectionId } = await bob.core.call('connection.connect', {
      link,
      message: 'hello',
      whenOnline: true,
    })
    await waitsForOwn(bob, connectionId, closed)
    await bob.core.call('relay.add', { address: withPassword(closed.address) })
    const request = await until(async () => (await ann.core.call('request.list', {}))[0])
    expect(request).toMatchObject({ message: 'hello', repeats: 0 })
    await ann.core.call('request.accept', { requestId: request.requestId })
    await onceConnected([ann, 'Bob'], [bob, 'Ann'])
    await forget()
  })

  it.each(['by hand', 'by itself'])('an acceptance %s goes on when the own relay takes it', async (how) => {
    await meet()
    await bob.core.call('relay.add', { address: open.address })
    await bob.core.call('relay.setEnabled', { address: without(closed.address), enabled: false })
    const autoAccept = how === 'by itself' ? { incognito: false } : null
    const { link, addressId } = await bob.core.call('address.create', {})
    await bob.core.call('address.update', { addressId, autoAccept })
    await bob.core.call('relay.setEnabled', { address: without(closed.address), enabled: true })
    await bob.core.call('relay.setEnabled', { address: open.address, enabled: false })
    await ann.core.call('connection.connect', { link })
    if (autoAccept === null) {
      const request = await until(async () => (await bob.core.call('request.list', {}))[0])
      await bob.core.call('request.accept', { requestId: request.requestId })
    }
    const row = await until(async () => {
      const rows = await bob.core.call('connection.list', {})
      const contacts = await bob.core.call('contact.list', {})
      return [...rows, ...contacts.flatMap(({ connection }) => connection ?? [])].find(({ error }) => error)
    })
    expect(row.error).toMatchObject({ retryable: true, address: without(closed.address) })
    await bob.core.call('relay.add', { address: withPassword(closed.address) })
    await onceConnected([ann, 'Bob'], [bob, 'Ann'])
    await forget()
  })
})
