import { beforeAll, describe, expect, test } from 'vitest'
import { isAppError } from '#core/base'
import { RelayRefused } from '#core/client'
import { cryptoReady, generateEd25519, randomBytes } from '#core/crypto'
import type { Command } from '#core/protocol'
import { parsedContact, until, type Party } from '../../unit/agent/party.ts'
import { makeRealWorld } from './world.ts'

beforeAll(() => cryptoReady())

const codeOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return isAppError(error) ? error.code : error
  }
  return undefined
}
const wrong = (one: Party): string[] =>
  ['integrity', 'undecryptable', 'failed', 'send-failed', 'receiving-lost'].flatMap((kind) =>
    one.details(kind),
  )
const requestOf = (owner: Party, asker: Party): Party['requests'][number] => {
  const [request] = owner.requests.filter(({ info }) => info.includes(` ${asker.name} `))
  if (!request) throw new Error('not there')
  return request
}

const pendingDeletions = (one: Party): number =>
  one.store.read((db) =>
    db.get<{ n: number }>({ text: 'SELECT count(*) AS n FROM agent_queue_deletion', params: [] }),
  )!.n

/** Accepts, and lets both say something. */
async function acceptAndTalk(owner: Party, asker: Party): Promise<void> {
  const connId = await owner.accept(requestOf(owner, asker))
  await until(() => owner.detailsOf(connId, 'connected').length === 1)
  await until(() => asker.details('connected').length === 1)
  owner.say(connId, `welcome, ${asker.name}`)
  asker.say(asker.connId!, `thanks, ${asker.name}`)
  await until(() => owner.detailsOf(connId, 'receipt').length === 1)
  await until(() => asker.details('receipt').length === 1)
  expect(owner.detailsOf(connId, 'message')).toEqual([`thanks, ${asker.name}`])
  expect(asker.details('message')).toEqual([`welcome, ${asker.name}`])
  expect(asker.details('confirmation')).toEqual([`info of ${owner.name}`])
}

describe('an address at a real relay over TLS', () => {
  test('ADR-2, REQ-1: many ask at it, and those who are accepted talk with its owner', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const owner = world.party('owner', relay).start()
    const first = world.party('first', relay).start()
    const second = world.party('second', await world.relay('other')).start()
    const link = await owner.openAddress()
    await first.ask(link)
    await second.ask(link)
    await until(() => owner.requests.length === 2)
    await acceptAndTalk(owner, first)
    // A repetition by the one who waits.
    await second.agent.repeatRequest(second.connId!, { connInfo: second.sayAtAddress })
    await until(() => requestOf(owner, second).repeats === 1)
    await acceptAndTalk(owner, second)
    for (const one of [owner, first, second]) expect(wrong(one)).toEqual([])
  })

  test('ADR-7, REQ-6: requests outlive the address, which answers a newcomer as an unknown queue', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const owner = world.party('owner', relay).start()
    const early = world.party('early', relay).start()
    const late = world.party('late', relay).start()
    const link = await owner.openAddress()
    await early.ask(link)
    await until(() => owner.requests.length === 1)
    owner.closeAddress()
    await until(
      async () => (await codeOf(() => late.ask(link))) === 'agent.address-gone' || late.connId !== null,
    )
    expect(late.connId).toBeNull()
    await owner.kill()
    owner.start()
    await acceptAndTalk(owner, early)
    for (const one of [owner, early]) expect(wrong(one)).toEqual([])
  })

  test('whoever holds only the address may write to it, and nothing else', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const owner = world.party('owner', relay).start()
    const asker = world.party('asker', relay).start()
    const stranger = world.party('stranger', relay).start()
    const link = await owner.openAddress()
    await asker.ask(link)
    await until(() => owner.requests.length === 1)
    await acceptAndTalk(owner, asker)
    const key = generateEd25519()
    const sndKey = { algorithm: 'ed25519', raw: key.publicKey } as const
    const body = new Uint8Array(15_992)
    const tries: Command[] = [
      { type: 'SUB' },
      { type: 'GET' },
      { type: 'QUE' },
      { type: 'OFF' },
      { type: 'DEL' },
      { type: 'KEY', sndKey },
      { type: 'SKEY', sndKey },
      { type: 'SEND', notify: false, body },
    ]
    const [queue] = parsedContact(link).queues
    const ask = async (command: Command, entityId: Uint8Array): Promise<unknown> => {
      const signed = { algorithm: 'ed25519', privateKey: key.privateKey } as const
      try {
        return await stranger.pool.request(queue.server, { entityId, command, key: signed })
      } catch (error) {
        return error instanceof RelayRefused ? error.smpError : error
      }
    }
    for (const command of tries) {
      expect(await ask(command, queue.senderId), command.type).toEqual({ type: 'AUTH' })
      // The same as for a queue that never was.
      expect(await ask(command, randomBytes(24)), command.type).toEqual({ type: 'AUTH' })
    }
    await stranger.ask(link)
    await until(() => owner.requests.length === 2)
    expect(wrong(owner)).toEqual([])
    owner.closeAddress()
    await until(() => pendingDeletions(owner) === 0)
    const unsigned = { command: { type: 'SEND', notify: false, body } as const, key: null }
    const refusal = async (entityId: Uint8Array): Promise<unknown> => {
      try {
        return await stranger.pool.request(queue.server, { entityId, ...unsigned })
      } catch (error) {
        return error instanceof RelayRefused ? error.smpError : error
      }
    }
    expect(await refusal(queue.senderId)).toEqual({ type: 'AUTH' })
    expect(await refusal(randomBytes(24))).toEqual({ type: 'AUTH' })
  })

  test('REQ-4: accepting a request whose asker has gone says so', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const owner = world.party('owner', relay).start()
    const asker = world.party('asker', relay).start()
    await asker.ask(await owner.openAddress())
    await until(() => owner.requests.length === 1)
    asker.store.write((tx) => asker.agent.deleteConnection(tx, asker.connId!, { waitDelivery: false }))
    await until(() => pendingDeletions(asker) === 0)
    expect(await codeOf(() => owner.accept(owner.requests[0]!))).toBe('agent.request-gone')
    expect(owner.connId).toBeNull()
  })

  test('owner, asker and relay restart between all steps, and nothing is lost or doubled', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const owner = world.party('owner', relay).start()
    const asker = world.party('asker', relay).start()
    const link = await owner.openAddress()
    await owner.kill()
    await asker.ask(link)
    await asker.kill()
    await relay.stop()
    await relay.start()
    owner.start()
    await until(() => owner.requests.length === 1)
    await owner.kill()
    owner.start()
    await until(async () => (await codeOf(() => owner.acceptAll())) === undefined)
    await owner.kill()
    asker.start()
    owner.start()
    await until(() => asker.details('connected').length === 1 && owner.details('connected').length === 1)
    await until(() => owner.sendUpTo(3) && asker.sendUpTo(3))
    await until(() => owner.details('receipt').length === 3 && asker.details('receipt').length === 3)
    expect(owner.details('request')).toHaveLength(1)
    for (const one of [owner, asker]) expect(wrong(one)).toEqual([])
  })

  test('a relay that is away while somebody asks: a stated code, then one request', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const owner = world.party('owner', relay).start()
    const asker = world.party('asker', await world.relay('other')).start()
    const link = await owner.openAddress()
    await relay.stop()
    expect(await codeOf(() => asker.ask(link))).toBe('relay.unreachable')
    expect(asker.connId).toBeNull()
    await relay.start()
    await until(async () => (await codeOf(() => asker.ask(link))) === undefined)
    await until(() => owner.requests.length === 1)
    await acceptAndTalk(owner, asker)
  })
})
