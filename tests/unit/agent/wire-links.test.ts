import { describe, expect, it } from 'vitest'
import { isAppError } from '#core/base'
import { spkiOf } from '#core/crypto'
import { toBase64Url } from '#core/encoding'
import {
  formatInvitationLink,
  parseConnectionLink,
  type InvitationLink,
  type QueueUri,
} from '../../../core/agent/wire/index.ts'

type LinkParts = Omit<InvitationLink, 'form' | 'kind'>

function aQueue(fields: Partial<QueueUri> = {}): QueueUri {
  return {
    versions: { min: 1, max: 4 },
    server: { hosts: ['relay.test'], port: '5223', keyHash: new Uint8Array(32).fill(0xab), password: null },
    senderId: new Uint8Array(24).fill(0xcd),
    dhKey: new Uint8Array(32).fill(6),
    mode: 'M',
    ...fields,
  }
}

function aLink(fields: Partial<LinkParts> = {}): string {
  return formatInvitationLink({
    agentVersions: { min: 2, max: 7 },
    queues: [aQueue()],
    clientData: null,
    e2e: {
      versions: { min: 2, max: 3 },
      key1: new Uint8Array(56).fill(1),
      key2: new Uint8Array(56).fill(2),
      kemKey: null,
    },
    ...fields,
  })
}

function refusal(text: string): { code: string; at: unknown; reason: unknown } | 'accepted' {
  try {
    parseConnectionLink(text)
    return 'accepted'
  } catch (error) {
    if (!isAppError(error)) throw error
    return { code: error.code, at: error.facts['at'], reason: error.facts['reason'] }
  }
}

const invalid = (at: number, reason: string) => ({ code: 'link.invalid', at, reason })

describe('a one-time link (agent.md 5.1)', () => {
  it('is accepted under both schemes, any host, and our own name for the scheme', () => {
    const link = aLink()
    for (const start of ['simplex:', 'duplex:', 'https://simplex.chat', 'https://example.org:8443']) {
      expect(refusal(link.replace('simplex:', start)), start).toBe('accepted')
    }
  })

  it('is refused at its first character for another scheme', () => {
    expect(refusal(aLink().replace('simplex:', 'http://simplex.chat'))).toEqual(invalid(0, 'scheme'))
    expect(refusal('')).toEqual(invalid(0, 'scheme'))
  })

  it('is refused for a host with a name and password in front', () => {
    const link = aLink().replace('simplex:', 'https://user:secret@simplex.chat')
    expect(refusal(link)).toEqual(invalid('https://'.length, 'host'))
  })

  it('is refused where its type is unknown or its fragment is missing', () => {
    expect(refusal(aLink().replace('/invitation', '/invite'))).toEqual(invalid('simplex:/'.length, 'type'))
    expect(refusal(aLink().replace('#/?', '?'))).toMatchObject({ reason: 'fragment' })
  })

  it('is refused where a parameter is missing or does not read', () => {
    const link = aLink()
    expect(refusal(link.replace('v=2-7', 'w=2-7'))).toEqual(invalid(link.length, 'agent-version'))
    expect(refusal(link.replace('v=2-7', 'v=7-2'))).toEqual(invalid(link.indexOf('2-7'), 'agent-version'))
    expect(refusal(link.replace('&smp=', '&smq='))).toEqual(invalid(link.length, 'queues'))
    expect(refusal(link.replace('&e2e=', '&f2f='))).toEqual(invalid(link.length, 'e2e'))
    expect(refusal(link.slice(0, link.indexOf('%40')))).toMatchObject({ reason: 'queue-id' })
  })

  it('is refused at the very key that has the wrong length or is of another kind', () => {
    const link = aLink()
    const key = (raw: Uint8Array): string => toBase64Url(raw).replaceAll('=', '%3D')
    const second = key(spkiOf('x448', new Uint8Array(56).fill(2)))
    const at = link.indexOf(second)
    for (const wrong of [new Uint8Array(67), spkiOf('x25519', new Uint8Array(32)), new Uint8Array(5)]) {
      expect(refusal(link.replace(second, key(wrong)))).toEqual(invalid(at, 'e2e-keys'))
    }
    const dh = toBase64Url(spkiOf('x25519', new Uint8Array(32).fill(6))).replaceAll('=', '%253D')
    expect(refusal(link.replace(dh, 'AAAA'))).toEqual(invalid(link.indexOf(dh), 'queue-key'))
  })

  it('is refused for a password in the address of its relay', () => {
    const link = aLink()
    const at = link.indexOf('%40')
    expect(refusal(`${link.slice(0, at)}%3Asecret${link.slice(at)}`)).toEqual(invalid(at, 'queue-password'))
  })

  it('is refused when its relay cannot be recognised: a fingerprint of another length', () => {
    const short = { ...aQueue().server, keyHash: new Uint8Array(31) }
    expect(refusal(aLink({ queues: [aQueue({ server: short })] }))).toMatchObject({
      code: 'link.invalid',
      reason: 'queue-fingerprint',
    })
  })

  it('is refused for its version, not its form, when no version is common', () => {
    const later = { min: 8, max: 9 }
    const e2e = {
      versions: { min: 4, max: 5 },
      key1: new Uint8Array(56),
      key2: new Uint8Array(56),
      kemKey: null,
    }
    const queues: [QueueUri] = [aQueue({ versions: { min: 5, max: 6 } })]
    const cases = {
      'agent-version': { agentVersions: later },
      'queue-version': { queues },
      'e2e-version': { e2e },
    }
    for (const [reason, fields] of Object.entries(cases)) {
      expect(refusal(aLink(fields))).toMatchObject({ code: 'link.version', reason })
    }
  })

  it('ignores parameters that it does not know, wherever they stand', () => {
    const link = aLink()
    expect(refusal(`${link}&unknown=1`)).toBe('accepted')
    expect(refusal(link.replace('#/?', '#/?x=%%&;y&'))).toBe('accepted')
  })
})

describe('a short link (agent.md 5.4)', () => {
  const [key, id] = [new Uint8Array(32), new Uint8Array(24)].map((bytes) => toBase64Url(bytes, 'unpadded'))

  it('is read with its kind, and refused for ids of the wrong length', () => {
    expect(parseConnectionLink(`https://relay.test/i#${id}/${key}`)).toMatchObject({
      form: 'short',
      kind: 'invitation',
    })
    expect(parseConnectionLink(`https://relay.test/G#${key}`)).toMatchObject({ contactType: 'group' })
    expect(refusal(`https://relay.test/i#${key}/${key}`)).toMatchObject({ reason: 'link-id' })
    expect(refusal(`https://relay.test/a#${id}`)).toMatchObject({ reason: 'link-key' })
    expect(refusal(`simplex:/a#${key}`)).toMatchObject({ reason: 'link-hosts' })
  })
})

describe('a hundred kilobytes of noise', () => {
  const noises = ['a', '%', '&', ':', '%3A', ',', 'a,', '1.', ';smp://', '[', 'é', '%25', '/', '#', '?', '=']
  const starts = [
    aLink(),
    aLink().slice(0, 120),
    'simplex:/invitation#/?v=2-7&smp=smp://aaaa@',
    'simplex:/i#',
    'simplex:/a#?h=',
    'https://',
    'smp://',
    '',
  ]

  it('costs time in proportion: each is answered far within a second', () => {
    for (const start of starts) {
      for (const noise of noises) {
        const text = start + noise.repeat(Math.ceil(100_000 / noise.length))
        const before = process.cpuUsage()
        refusal(text)
        // Generous: a square would need minutes.
        // Processor time: what the promise of an answer within a second leaves to us, whatever else the machine does.
        expect(process.cpuUsage(before).user / 1000, `${start.slice(0, 30)} and ${noise}`).toBeLessThan(1000)
      }
    }
    // The sum of 128 texts, on a machine that other programs use as well.
  }, 60_000)
})
