import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { isAppError } from '#core/base'
import type { RelayPool } from '#core/client'
import { cryptoReady } from '#core/crypto'
import type { Command } from '#core/protocol'
import { numbered, until, type Party } from '../../unit/agent/party.ts'
import { connect } from '../../unit/agent/setup.ts'
import { makeRealWorld } from './world.ts'

beforeAll(() => cryptoReady())

const wrong = (one: Party): string[] =>
  ['integrity', 'undecryptable', 'failed', 'send-failed'].flatMap((kind) => one.details(kind))

/** Calls `before` ahead of every request of connecting, with what it is. */
function watched(pool: RelayPool, before: (type: Command['type']) => Promise<void>): RelayPool {
  return {
    request: async (address, command, options) => {
      await before(command.command.type)
      return pool.request(address, command, options)
    },
    acknowledge: async (address, queue, msgId, options) => {
      await before('ACK')
      return pool.acknowledge(address, queue, msgId, options)
    },
    subscribe: (address, queues) => pool.subscribe(address, queues),
    subscribed: (address, queue) => pool.subscribed(address, queue),
    unsubscribe: (address, rcvId) => pool.unsubscribe(address, rcvId),
    onMessage: (handler) => pool.onMessage(handler),
    onQueueEvent: (handler) => pool.onQueueEvent(handler),
    status: (address) => pool.status(address),
    onStatus: (handler) => pool.onStatus(handler),
    retryNow: () => pool.retryNow(),
    test: (address, options) => pool.test(address, options),
    close: () => pool.close(),
  }
}

const STEPS = ['NEW', 'SKEY', 'NEW', 'SEND', 'ACK', 'SKEY', 'SEND', 'ACK']

describe('a relay that is stopped while two people connect', () => {
  for (const [step, type] of STEPS.entries()) {
    test(`before step ${step + 1}, ${type}: a stated code or silence while it is away, then connected once`, async () => {
      await using world = makeRealWorld()
      const relay = await world.relay('relay')
      let count = 0
      const codes: string[] = []
      const before = async (): Promise<void> => {
        if (count++ !== step) return
        await relay.stop()
        setTimeout(() => void relay.start(), 500)
      }
      const alice = world.party('alice', relay, (pool) => watched(pool, before)).start()
      const bob = world.party('bob', relay, (pool) => watched(pool, before)).start()
      const note = (error: unknown): null => {
        codes.push(isAppError(error) ? error.code : String(error))
        return null
      }
      await until(async () => {
        const link = await alice.invite().catch(note)
        if (link !== null) await bob.join(link).catch(note)
        await new Promise((resolve) => setTimeout(resolve, 50))
        return bob.connId !== null
      })
      await until(() => alice.details('connected').length === 1 && bob.details('connected').length === 1)
      await until(() => alice.sendUpTo(2) && bob.sendUpTo(2))
      await until(() => alice.details('receipt').length === 2 && bob.details('receipt').length === 2)
      expect(bob.details('message')).toEqual(numbered('alice', 2))
      expect(alice.details('message')).toEqual(numbered('bob', 2))
      expect([...wrong(alice), ...wrong(bob)]).toEqual([])
      expect(codes.every((code) => code === 'relay.unreachable')).toBe(true)
      expect(count).toBeGreaterThan(STEPS.length)
    })
  }
})

describe('a relay with another certificate at the same address', () => {
  test('is named as such, never as offline, and nothing of the connection is lost', async () => {
    await using world = makeRealWorld()
    const relay = await world.relay('relay')
    const alice = world.party('alice', relay).start()
    const bob = world.party('bob', relay).start()
    await connect(alice, bob)
    await relay.stop()
    const kept = join(world.folder, 'kept')
    cpSync(relay.dataDir, kept, { recursive: true })
    rmSync(relay.dataDir, { recursive: true })
    await relay.start()

    alice.sendUpTo(1)
    await until(() => alice.details('delayed').includes('relay.identity'))
    const error = await alice.agent
      .createInvitation({ relay: alice.relay }, () => {})
      .catch((caught: unknown) => caught)
    expect(isAppError(error, 'relay.identity')).toBe(true)
    expect(alice.details('delayed')).not.toContain('relay.unreachable')

    await relay.stop()
    rmSync(relay.dataDir, { recursive: true })
    cpSync(kept, relay.dataDir, { recursive: true })
    await relay.start()
    alice.agent.retryNow()
    bob.agent.retryNow()
    await until(() => alice.details('receipt').length === 1)
    expect(bob.details('message')).toEqual(['alice 1'])
    expect([...wrong(alice), ...wrong(bob)]).toEqual([])
  })
})
