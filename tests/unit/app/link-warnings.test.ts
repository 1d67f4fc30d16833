import { describe, expect, test } from 'vitest'
import { linkWarnings } from '../../../core/app/link-warnings.ts'

const known = [
  { hosts: ['smp4.simplex.im', 'abc.onion'], port: '' },
  { hosts: ['127.0.0.1'], port: '36579' },
]
const at = (host: string, port = '') => ({ hosts: [host], port })

describe('flows.md 7: what a person should look at twice', () => {
  test('a known relay at its own port, and an unknown one at the usual ports, are nothing to warn of', () => {
    for (const relay of [at('smp4.simplex.im'), at('smp4.simplex.im', '5223'), at('127.0.0.1', '36579')])
      expect(linkWarnings('simplex:/i#x', relay, known)).toEqual([])
    expect(linkWarnings('https://relay.example/i#x', at('relay.example', '443'), known)).toEqual([])
  })

  test('a name in front of the host', () => {
    const text = 'look: https://smp4.simplex.im@evil.example/i#x'
    expect(linkWarnings(text, at('evil.example'), known)).toEqual(['user-name'])
    expect(linkWarnings('mail a@b.example, https://evil.example/i#x@y', at('evil.example'), known)).toEqual(
      [],
    )
  })

  test('a port that is not the one of the relay', () => {
    expect(linkWarnings('simplex:/i#x', at('smp4.simplex.im', '9999'), known)).toEqual(['port'])
    expect(linkWarnings('simplex:/i#x', at('127.0.0.1', '36580'), known)).toEqual(['port'])
    expect(linkWarnings('simplex:/i#x', at('relay.example', '8443'), known)).toEqual(['port'])
    expect(linkWarnings('https://relay.example:8443/i#x', at('relay.example'), known)).toEqual(['port'])
  })

  test('letters that look like others', () => {
    for (const host of [
      'smp4.simp1ex.im',
      'srnp4.simplex.im',
      'smp4.sirnplex.im',
      'xn--smp4-8ya.example',
      'ѕmp4.im',
    ])
      expect(linkWarnings('simplex:/i#x', at(host), known)).toEqual(['look-alike'])
    expect(linkWarnings('simplex:/i#x', at('smp5.simplex.im'), known)).toEqual([])
  })
})
