import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '#core/base'
import type { RelayPool, RelayStatus } from '#core/client'
import { parseRelayAddress, type RelayAddress, relayKey } from '#core/protocol'
import { NetworkWatch } from '../../../core/app/network-watch.ts'

const relay = (host: string): RelayAddress => parseRelayAddress(`smp://${'A'.repeat(43)}=@${host}`)
const [ours, looked, theirs] = [relay('ours.example'), relay('looked.example'), relay('theirs.example')]

describe('which relays count as silent', () => {
  let watch: NetworkWatch
  let needed: Set<string>
  let asked: number
  let now: number
  let say: (address: RelayAddress, state: RelayStatus['state'], error?: string) => void
  let told: string[]

  beforeEach(() => {
    needed = new Set([relayKey(ours)])
    asked = 0
    told = []
    now = 1_000
    watch = new NetworkWatch(
      { ...systemClock, now: () => now },
      () => 0,
      (relays) => {
        asked += 1
        return new Set([...relays].filter((key) => needed.has(key)))
      },
      () => told.push(watch.state),
    )
    const pool = {
      onStatus(handler: Parameters<RelayPool['onStatus']>[0]) {
        say = (address, state, error = '') => {
          now += 1_000
          handler({ address, status: { state, since: now, error: error || null } as RelayStatus })
        }
        return () => undefined
      },
    } as RelayPool
    watch.follow(pool, () => undefined)
  })
  const hosts = (): string[] => watch.silent.map(({ address }) => address.hosts[0]!)

  it('leaves out one that was only looked at, and names one that something waits for', () => {
    say(ours, 'online')
    say(looked, 'offline', 'relay.unreachable')
    expect(watch.state).toBe('online')
    say(ours, 'offline', 'relay.unreachable')
    expect(watch.state).toBe('offline')
    expect(hosts()).toEqual(['ours.example'])
  })

  it('forgets one as soon as nothing needs it, without a word from the relay, and says so', () => {
    say(looked, 'online')
    say(ours, 'offline', 'relay.unreachable')
    expect(watch.state).toBe('partly')
    needed.clear()
    now += 1_000
    watch.check()
    expect(watch.state).toBe('online')
    expect(hosts()).toEqual([])
    expect(told).toEqual(['partly', 'online'])
  })

  it('STA-2: tells of a foreign certificate, also at a relay of the other side, until it is itself again', () => {
    needed.add(relayKey(theirs))
    say(theirs, 'offline', 'relay.identity')
    expect(watch.silent).toMatchObject([{ address: theirs, state: 'offline', error: 'relay.identity' }])
    say(theirs, 'online')
    expect(hosts()).toEqual([])
  })

  it('asks nothing of the store while every relay answers, however much happens', () => {
    say(ours, 'online')
    const before = asked
    for (let commit = 0; commit < 100; commit++) watch.check()
    expect(asked).toBe(before)
  })
})
