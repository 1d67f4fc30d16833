import { beforeAll, expect, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import { createRelayPool } from '#core/client'
import { cryptoReady, systemRandom } from '#core/crypto'
import { numbered, until } from '../../unit/agent/party.ts'
import { RotatingPeer } from '../../unit/agent/rotating-peer.ts'
import { hasMoved, wrong } from '../../unit/agent/rotation-tools.ts'
import { connect } from '../../unit/agent/setup.ts'
import { makeRealWorld } from './world.ts'

beforeAll(() => cryptoReady())

test('a peer moves from one relay to the other over TLS, we are restarted meanwhile, and every message comes once', async () => {
  await using world = makeRealWorld()
  const [first, second] = [await world.relay('first'), await world.relay('second')]
  const alice = world.party('alice', first).start()
  const bob = world.party('bob', first).start()
  await connect(alice, bob)
  await until(() => alice.sendUpTo(3))
  await until(() => alice.details('receipt').length === 3 && alice.pending + bob.pending === 0)
  const pool = createRelayPool({ clock: systemClock, random: systemRandom, log: silentLog })
  const peer = await RotatingPeer.takeOver(bob, () => pool)
  try {
    await until(() => alice.sendUpTo(10))
    peer.answersKey = false
    await peer.rotate('new', second.address)
    await until(() => peer.at('old').includes('QKEY'))
    await alice.kill()
    await peer.use('new')
    alice.start()
    let count = 10
    await until(() => {
      count += 1
      return alice.sendUpTo(count) && hasMoved(alice, second.address)
    })
    await until(() => alice.sendUpTo(count + 10))
    await peer.text('bob 1')
    await until(() => peer.texts.length === count + 7 && alice.pending === 0)
    expect(peer.texts).toEqual(numbered('alice', count + 10).slice(3))
    expect(peer.isWhole).toBe(true)
    await until(() => alice.details('message').length === 1)
    expect(wrong(alice)).toEqual([])
    await peer.remove('old')
    await alice.kill()
    alice.start()
    await until(() => alice.sendUpTo(count + 11))
    await until(() => peer.texts.length === count + 8)
  } finally {
    await peer.close()
  }
})
