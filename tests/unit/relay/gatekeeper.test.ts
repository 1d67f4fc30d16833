import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS, type RelayLimits } from '#core/relay'
import { Gatekeeper, groupOf } from '../../../core/relay/gatekeeper.ts'

function aGate(limits: Partial<RelayLimits>) {
  const cut: string[] = []
  let refused = 0
  const gate = new Gatekeeper({ ...DEFAULT_LIMITS, ...limits }, () => refused++)
  const enter = (remote: string, name = remote) => gate.enter(remote, () => cut.push(name))
  return { gate, enter, cut, refused: () => refused }
}

describe('who may be connected', () => {
  test('connections have a limit, and one that leaves makes room', () => {
    const { enter, refused } = aGate({ connections: 2 })
    const first = enter('1.1.1.1')
    expect(enter('2.2.2.2')).not.toBeNull()
    expect(enter('3.3.3.3')).toBeNull()
    expect(refused()).toBe(1)
    first!.left()
    expect(enter('3.3.3.3')).not.toBeNull()
  })

  test('an address has a limit of its own, an IPv6 network counts as one', () => {
    const { enter } = aGate({ connectionsPerAddress: 1 })
    expect(enter('1.1.1.1')).not.toBeNull()
    expect(enter('::ffff:1.1.1.1')).toBeNull()
    expect(enter('2001:db8::1')).not.toBeNull()
    expect(enter('2001:db8:0:0:ffff::2')).toBeNull()
    expect(enter('2001:db8:0:1::1')).not.toBeNull()
  })

  test('the oldest unsettled one gives way; who is settled stays', () => {
    const { gate, enter, cut } = aGate({ handshakes: 2 })
    enter('1.1.1.1', 'settled')!.settled()
    for (const name of ['a', 'b', 'c', 'd']) enter(`1.1.1.${name.charCodeAt(0)}`, name)
    expect(cut).toEqual(['a', 'b'])
    expect(gate.unsettled).toBe(2)
  })

  test('an address with too many of them pushes out its own, not those of others', () => {
    const { enter, cut } = aGate({ handshakes: 100, handshakesPerAddress: 2 })
    enter('9.9.9.9', 'other')
    for (const name of ['a', 'b', 'c', 'd']) enter('1.1.1.1', name)
    expect(cut).toEqual(['a', 'b'])
  })

  test('nobody enters after it was shut', () => {
    const { gate, enter } = aGate({})
    gate.shut()
    expect(enter('1.1.1.1')).toBeNull()
  })

  test('addresses are told apart by their network', () => {
    expect(groupOf('fe80::1%eth0')).toBe('fe80:0:0:0')
    expect(groupOf('::1')).toBe('0:0:0:0')
    expect(groupOf('1:2:3:4:5:6:7:8')).toBe('1:2:3:4')
    expect(groupOf('10.0.0.1')).toBe('10.0.0.1')
  })
})
