import { describe, expect, it } from 'vitest'
import { hostReach, parseRelayAddress, reachOf } from '#core/protocol'

describe('who can reach a host, by its name alone', () => {
  it.each([
    ...['127.0.0.1', '127.8.9.10', '0.0.0.0', '::1', '[::1]', '::', '::ffff:127.0.0.1', '::127.0.0.1'],
    ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'localhost.localdomain', 'ip6-localhost'],
    ...['127.1', '0x7f.0.0.1', '2130706433', '64:ff9b::7f00:1', '0'],
  ])('%s: programs of this computer', (host) => {
    expect(hostReach(host)).toBe('this-computer')
  })

  it.each([
    ...['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.254', '192.168.1.5', '169.254.1.1'],
    ...['100.64.0.1', '100.127.255.255', '198.18.0.1', '198.19.255.255'],
    ...['192.0.2.2', '198.51.100.7', '203.0.113.9', '224.0.0.1', '255.255.255.255', '2001:db8::1'],
    ...['fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1', 'fc00::1', 'fd12:3456::1', '[FD00::1]'],
    ...['::ffff:192.168.1.5', '::ffff:c0a8:105', '64:ff9b::10.0.0.1', '64:ff9b:1::1', '2002:c0a8:105::'],
    ...[
      'printer.local',
      'Printer.LOCAL.',
      'nas',
      'relay.lan',
      'relay.home.arpa',
      'relay.internal',
      '192.168.1',
    ],
  ])('%s: those in the same network', (host) => {
    expect(hostReach(host)).toBe('local-network')
  })

  it.each([
    ...[
      '172.15.0.1',
      '172.32.0.1',
      '192.167.1.1',
      '100.63.0.1',
      '100.128.0.1',
      '11.0.0.1',
      '8.8.8.8',
      '192.0.1.1',
      '198.20.0.1',
      '223.255.255.255',
      '2001:db9::1',
    ],
    ...['2a00:1450::1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2002:808:808::', 'fbff::1', 'fe00::1'],
    ...['smp4.simplex.im', 'local.example', 'localhost.example.org', 'abcdef.onion', '10.0.0.1.example'],
  ])('%s: anybody', (host) => {
    expect(hostReach(host)).toBe('internet')
  })

  it('counts the name of a relay that reaches furthest', () => {
    const at = (hosts: string) => reachOf(parseRelayAddress(`smp://${'A'.repeat(43)}=@${hosts}:5223`))
    expect(at('127.0.0.1')).toBe('this-computer')
    expect(at('127.0.0.1,192.168.1.5')).toBe('local-network')
    expect(at('192.168.1.5,relay.example.org')).toBe('internet')
    expect(at('[::1]')).toBe('this-computer')
  })
})
