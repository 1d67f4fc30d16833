import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { allDelivered, contactNamed, type Person, person, receivedTexts } from '../tools/people.ts'
import { endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'

const back = (relay: RunningRelay): Promise<RunningRelay> =>
  startRelay({ dataDir: relay.dataDir, port: relay.port })

async function two(): Promise<{ relay: RunningRelay; ann: Person; bob: Person }> {
  const relay = await startRelay()
  const [ann, bob] = await Promise.all([person('Ann', [relay.address]), person('Bob', [relay.address])])
  return { relay, ann, bob }
}

/** Connected after all, once on each side, and able to talk. */
async function expectConnected(ann: Person, bob: Person): Promise<void> {
  const [annsBob, bobsAnn] = await Promise.all([contactNamed(ann, 'Bob'), contactNamed(bob, 'Ann')])
  for (const who of [ann, bob]) {
    expect(await who.core.call('contact.list', {})).toHaveLength(1)
    expect(await who.core.call('connection.list', {})).toEqual([])
  }
  await ann.core.call('message.send', { contactId: annsBob.contactId, text: 'hello' })
  await allDelivered(ann, annsBob.contactId, 1)
  expect(await receivedTexts(bob, bobsAnn.contactId)).toEqual(['hello'])
}

describe('a relay that stops at each step of connecting', () => {
  afterEach(endAll)

  it('INV-10: before the link is made: a retryable error in 10 s, nothing half-made, one link on retry', async () => {
    const { relay, ann } = await two()
    await relay.program.kill()
    const started = performance.now()
    const failure = await ann.core.refused('invitation.create', { name: 'Bob', once: 'x' })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(failure).toMatchObject({
      code: 'RELAY_UNREACHABLE',
      details: { retryable: true, address: relay.address },
    })
    expect(await ann.core.call('connection.list', {})).toEqual([])
    await back(relay)
    const made = await until(() =>
      ann.core.call('invitation.create', { name: 'Bob', once: 'x' }).catch(() => null),
    )
    expect(await ann.core.call('connection.list', {})).toMatchObject([
      { connectionId: made.connectionId, name: 'Bob' },
    ])
  })

  it('PLN N: before the link is used: a retryable error, no row, and a retry connects', async () => {
    const { relay, ann, bob } = await two()
    const { link, fullLink } = await ann.core.call('invitation.create', {})
    await relay.program.kill()
    // A full link is all there is to know; a short one has to be asked about.
    expect(await bob.core.call('connection.plan', { link: fullLink })).toMatchObject({ status: 'new' })
    for (const method of ['connection.plan', 'connection.connect']) {
      expect(await bob.core.refused(method, { link })).toMatchObject({
        code: 'RELAY_UNREACHABLE',
        details: { retryable: true },
      })
    }
    expect(await bob.core.call('connection.list', {})).toEqual([])
    expect(await bob.core.call('contact.list', {})).toEqual([])
    await back(relay)
    await until(() => bob.core.call('connection.connect', { link }).catch(() => null))
    await expectConnected(ann, bob)
  })

  it('CON-7: right after the claim: the rest goes on by itself, with what was written meanwhile, in order', async () => {
    const { relay, ann, bob } = await two()
    const { link } = await ann.core.call('invitation.create', { name: 'My Bob' })
    await ann.core.stop()
    const { connectionId, contactId } = await bob.core.call('connection.connect', {
      link,
      name: 'My Ann',
      message: 'first',
    })
    expect(contactId).not.toBeNull()
    await relay.program.kill()
    for (const text of ['second', 'third']) {
      expect(await bob.core.call('message.send', { connectionId, text })).toMatchObject({
        status: 'sending',
        contactId,
      })
    }
    expect(await bob.core.call('connection.plan', { link })).toMatchObject({
      status: 'connecting',
      connectionId,
    })
    expect(await bob.core.call('connection.get', { connectionId })).toMatchObject({
      status: 'connecting',
      link: null,
      name: 'My Ann',
    })
    await bob.core.kill()
    await back(relay)
    const { startHeadless } = await import('../tools/programs.ts')
    ;[ann.core, bob.core] = await Promise.all([
      startHeadless(ann.dataDir, ann.relays),
      startHeadless(bob.dataDir, bob.relays),
    ])
    const [annsBob, bobsAnn] = await Promise.all([contactNamed(ann, 'Bob'), contactNamed(bob, 'Ann')])
    expect(annsBob.name).toBe('My Bob')
    expect(bobsAnn.name).toBe('My Ann')
    await allDelivered(bob, bobsAnn.contactId, 3)
    expect(await receivedTexts(ann, annsBob.contactId)).toEqual(['first', 'second', 'third'])
    const messages = await bob.core.call('chat.messages', { connectionId })
    expect(messages.map((message) => message.contactId)).toEqual([1, 2, 3].map(() => bobsAnn.contactId))
  })

  it.each(['the creator sees the joiner', 'the joiner waits for the creator'])(
    'J6: while %s, it ends connected with one contact on each side',
    async (moment) => {
      const { relay, ann, bob } = await two()
      const { link } = await ann.core.call('invitation.create', {})
      const seen = moment.startsWith('the creator')
        ? ann.core.waitForEvent('contact.updated')
        : bob.core.waitForEvent('connection.updated', (connection) => connection.phase === 'awaiting-peer')
      await bob.core.call('connection.connect', { link })
      await seen
      await relay.program.kill()
      await back(relay)
      await expectConnected(ann, bob)
    },
  )

  it('CHT-2, STA-3: messages wait while the relay is away, and arrive in order when it returns', async () => {
    const { relay, ann, bob } = await two()
    const { link } = await ann.core.call('invitation.create', {})
    await bob.core.call('connection.connect', { link })
    const [annsBob, bobsAnn] = await Promise.all([contactNamed(ann, 'Bob'), contactNamed(bob, 'Ann')])
    await relay.program.kill()
    await ann.core.waitForEvent('network.status', (network) => network.state === 'offline')
    for (const text of ['one', 'two', 'three']) {
      const message = await ann.core.call('message.send', { contactId: annsBob.contactId, text })
      expect(message).toMatchObject({ status: 'sending', waits: 'relay' })
    }
    await ann.core.waitForEvent('network.status', (network) => network.waitingToSend === 3)
    await back(relay)
    await ann.core.call('network.retry', {})
    await bob.core.call('network.retry', {})
    await allDelivered(ann, annsBob.contactId, 3)
    expect(await receivedTexts(bob, bobsAnn.contactId)).toEqual(['one', 'two', 'three'])
    await ann.core.waitForEvent(
      'network.status',
      (network) => network.state === 'online' && network.waitingToSend === 0,
    )
  })
})

describe('a relay that is not itself', () => {
  afterEach(endAll)

  it('STA-2: another certificate at the same address is RELAY_IDENTITY, never "offline"', async () => {
    const { relay, ann, bob } = await two()
    const { link } = await ann.core.call('invitation.create', {})
    await relay.program.kill()
    const impostor = await startRelay({ port: relay.port })
    for (const [who, method, params] of [
      [bob, 'connection.connect', { link }],
      [bob, 'invitation.create', {}],
    ] as const) {
      const failure = await who.core.refused(method, params)
      expect(failure).toMatchObject({ code: 'RELAY_IDENTITY', details: { retryable: false } })
    }
    await bob.core.waitForEvent('relay.status', (status) => status.error === 'RELAY_IDENTITY')
    expect(await bob.core.call('connection.list', {})).toEqual([])
    const test = await bob.core.call('relay.test', { address: relay.address })
    expect(test.ok).toBe(false)
    expect(test.steps.at(-1)).toMatchObject({ step: 'certificate', ok: false })
    await impostor.program.kill()
    await back(relay)
    await until(() => bob.core.call('connection.connect', { link }).catch(() => null))
    await ann.core.call('network.retry', {})
    await expectConnected(ann, bob)
  })

  it('PLN-3: a silent relay is RELAY_UNREACHABLE within 10 s, and a waiting call can be cancelled', async () => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => void sockets.add(socket.on('error', () => {})))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const silent = `smp://u2dS9sG8nMNURyZwqASV4yROM28Er0luVTx5X1CsMrU=@127.0.0.1:${port}`
    const ann = await person('Ann', [silent])
    const started = performance.now()
    const { id, answer } = ann.core.start('invitation.create', { name: 'never' })
    const waiting = ann.core.refused('invitation.create', {})
    expect(await ann.core.call('call.cancel', { id })).toEqual({ cancelled: true })
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(await waiting).toMatchObject({ code: 'RELAY_UNREACHABLE', details: { retryable: true } })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(await ann.core.call('connection.list', {})).toEqual([])
    expect(await ann.core.stop()).toBe(0)
    for (const socket of sockets) socket.destroy()
    server.close()
  })
})
