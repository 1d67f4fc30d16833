import { describe, expect, test } from 'vitest'
import { EMPTY, concatBytes, fromHex, utf8 } from '#core/base'
import {
  cryptoReady,
  encodeSpki,
  generateEd25519,
  generateX25519,
  generateX448,
  systemRandom,
} from '#core/crypto'
import {
  type Command,
  type NewQueue,
  type QueueIds,
  type Response,
  type SmpError,
  checkCredentials,
  decodeCommand,
  decodeError,
  decodeResponse,
  encodeCommand,
  encodeError,
  encodeResponse,
  errorWord,
  maxBodySize,
} from '#core/protocol'

await cryptoReady()

const edKey = { algorithm: 'ed25519', raw: generateEd25519(systemRandom).publicKey } as const
const dhKey = generateX25519(systemRandom).publicKey
const bytes = (length: number): Uint8Array => systemRandom.bytes(length)
const ascii = (text: string): Uint8Array => utf8(text)
const spki8 = (key: Parameters<typeof encodeSpki>[0]): Uint8Array => {
  const der = encodeSpki(key)
  return concatBytes(Uint8Array.of(der.length), der)
}
const aNew: NewQueue & { type: 'NEW' } = {
  type: 'NEW',
  rcvAuthKey: edKey,
  rcvDhKey: dhKey,
  password: null,
  subscribe: true,
  request: { mode: 'M', link: null },
  notifier: null,
}
const said = (command: Uint8Array, version = 18): string => {
  const decoded = decodeCommand(command, version)
  return decoded.ok ? 'ok' : errorWord(decoded.error)
}

describe('smp.md 5.1 and 4.2: commands that do not parse', () => {
  test.each([
    '',
    ' ',
    ' SUB',
    'sub',
    'SUB=',
    'SUBX',
    'SUBSCRIBE_NOW',
    'OK',
    'IDS ',
    'MSG x',
    'NEW2 x',
    '\u0000',
  ])('%j is unknown', (text) => {
    expect(said(ascii(text))).toBe('CMD UNKNOWN')
  })

  test.each([
    'SUB ',
    'SUB x',
    'PING ',
    'NEW',
    'NEW ',
    'KEY',
    'KEY ',
    'KEY ,abc',
    'ACK',
    'ACK ',
    'ACK \u0001',
    'ACK \u0001ab',
    'SEND',
    'SEND ',
    'SEND T',
    'SEND Tbody',
    'SEND X body',
    'SEND  body',
    'LSET ',
    'PRXY ',
    'PFWD ',
    'RFWD',
    'RKEY \u0000',
  ])('%j has bad parameters', (text) => {
    expect(said(ascii(text))).toBe('CMD SYNTAX')
  })

  test('a key of a kind that has no place there, or with bytes after it, is a syntax error', () => {
    const x448 = { algorithm: 'x448', raw: generateX448(systemRandom).publicKey } as const
    const x25519 = { algorithm: 'x25519', raw: dhKey } as const
    expect(said(concatBytes(ascii('KEY '), spki8(edKey)))).toBe('ok')
    expect(said(concatBytes(ascii('KEY '), spki8(x25519)))).toBe('ok')
    expect(said(concatBytes(ascii('KEY '), spki8(x448)))).toBe('CMD SYNTAX')
    expect(said(concatBytes(ascii('KEY '), spki8(edKey), EMPTY, Uint8Array.of(0)))).toBe('CMD SYNTAX')
    expect(said(concatBytes(ascii('NKEY '), spki8(edKey), spki8(edKey)))).toBe('CMD SYNTAX')
    expect(said(concatBytes(ascii('NKEY '), spki8(edKey), spki8(x25519)))).toBe('ok')
  })

  test('flags of the future and empty bodies of SEND are accepted', () => {
    const sent = (text: string): unknown => decodeCommand(ascii(text), 18)
    const body = utf8('x y')
    expect(sent('SEND Tabc= x y')).toEqual({ ok: true, command: { type: 'SEND', notify: true, body } })
    expect(sent('SEND F ')).toEqual({ ok: true, command: { type: 'SEND', notify: false, body: EMPTY } })
  })

  test('fields of another version are a syntax error', () => {
    for (const [wrote, read] of [
      [17, 16],
      [16, 17],
      [15, 14],
      [14, 15],
      [9, 8],
      [8, 9],
    ] as const) {
      expect(said(encodeCommand(aNew, wrote), wrote)).toBe('ok')
      expect(said(encodeCommand(aNew, wrote), read)).toBe('CMD SYNTAX')
    }
    expect(said(encodeCommand(aNew, 15), 16)).toBe('ok')
  })
})

describe('smp.md 5.2: NEW and IDS in every version', () => {
  test('the typical end of a NEW in version 18', () => {
    expect(encodeCommand(aNew, 18).slice(-6)).toEqual(fromHex('3053314d3030'))
  })

  test('the password is raw bytes, and absent means no byte before version 9', () => {
    const password = bytes(10)
    for (const version of [6, 8, 9, 14, 15, 16, 17, 18])
      for (const each of [null, password]) {
        const command: Command = { ...aNew, password: each }
        const decoded = decodeCommand(encodeCommand(command, version), version)
        expect(decoded).toMatchObject({ ok: true, command: { password: each } })
      }
    expect(encodeCommand(aNew, 8).length + 2).toBe(encodeCommand(aNew, 9).length)
  })

  test('link data and notifiers are refused in versions that cannot carry them', () => {
    const link = { sndId: bytes(24), fixed: bytes(10), user: bytes(10) }
    const withLink: Command = { ...aNew, request: { mode: 'M', link } }
    const withNotifier: Command = { ...aNew, notifier: { ntfKey: edKey, rcvNtfDhKey: dhKey } }
    const refused = expect.objectContaining({ code: 'protocol.version' })
    expect(() => encodeCommand(withLink, 14)).toThrow(refused)
    expect(() => encodeCommand(withNotifier, 16)).toThrow(refused)
    for (const command of [withLink, withNotifier]) {
      expect(decodeCommand(encodeCommand(command, 18), 18)).toEqual({ ok: true, command })
    }
  })

  test('commands that came later are refused for older versions', () => {
    const sndKey = edKey
    const cases: [Command, number][] = [
      [{ type: 'SKEY', sndKey }, 9],
      [{ type: 'LKEY', sndKey }, 15],
      [{ type: 'LGET' }, 15],
      [{ type: 'RKEY', rcvAuthKeys: [sndKey] }, 15],
      [{ type: 'SUBS' }, 16],
    ]
    for (const [command, first] of cases) {
      expect(said(encodeCommand(command, first), first)).toBe('ok')
      expect(() => encodeCommand(command, first - 1)).toThrow(
        expect.objectContaining({ code: 'protocol.version' }),
      )
    }
  })

  test('IDS carries what its version has', () => {
    const full: QueueIds = {
      rcvId: bytes(24),
      sndId: bytes(24),
      srvDhKey: dhKey,
      mode: 'M',
      linkId: bytes(24),
      serviceId: null,
      notifier: { ntfId: bytes(24), srvNtfDhKey: dhKey },
    }
    const seen = (version: number): unknown =>
      decodeResponse(encodeResponse({ type: 'IDS', ...full }, version), version)
    expect(seen(18)).toEqual({ type: 'IDS', ...full })
    expect(seen(16)).toEqual({ type: 'IDS', ...full, notifier: null })
    expect(seen(14)).toEqual({ type: 'IDS', ...full, notifier: null, linkId: null })
    expect(seen(8)).toEqual({ type: 'IDS', ...full, notifier: null, linkId: null, mode: null })
  })
})

describe('smp.md 5.3 and 5.4: responses', () => {
  test('what an older version does not know is said in its words', () => {
    const text = (response: Response, version: number): string =>
      new TextDecoder().decode(encodeResponse(response, version))
    expect(text({ type: 'SOK', serviceId: null }, 16)).toBe('SOK 0')
    expect(text({ type: 'SOK', serviceId: null }, 15)).toBe('OK')
    expect(text({ type: 'DELD' }, 10)).toBe('DELD')
    expect(text({ type: 'DELD' }, 9)).toBe('END')
    const error: SmpError = { type: 'BLOCKED', reason: 'spam', notice: { ttl: 5 } }
    expect(text({ type: 'ERR', error }, 18)).toBe('ERR BLOCKED reason=spam,notice={"ttl":5}')
    expect(text({ type: 'ERR', error }, 17)).toBe('ERR BLOCKED reason=spam')
    expect(text({ type: 'ERR', error }, 11)).toBe('ERR AUTH')
  })

  test.each([
    '',
    'HUH',
    'OK ',
    'OK x',
    'ERR',
    'ERR ',
    'ERR HUH',
    'ERR AUTH ',
    'MSG',
    'SOK ',
    'INFO {}',
    'INFO x',
  ])('%j is refused with a DecodeError', (text) => {
    expect(() => decodeResponse(ascii(text), 18)).toThrow(
      expect.objectContaining({ code: 'encoding.decode' }),
    )
  })

  test('INFO goes there and back, with standard base64 for ids', () => {
    const info = {
      secured: true,
      notifier: false,
      subscription: { kind: 'subThread', delivered: new Uint8Array(24).fill(0xff) },
      size: 3,
      message: { msgId: new Uint8Array(24).fill(0xfb), sentAt: '2026-01-01T00:00:00Z', type: 'quota' },
    } as const
    const wire = encodeResponse({ type: 'INFO', info }, 18)
    expect(new TextDecoder().decode(wire)).toContain('////')
    expect(decodeResponse(wire, 18)).toEqual({ type: 'INFO', info })
    const least = { secured: false, notifier: false, subscription: null, size: 0, message: null }
    expect(decodeResponse(encodeResponse({ type: 'INFO', info: least }, 18), 18)).toEqual({
      type: 'INFO',
      info: least,
    })
  })

  test.each([
    'PROXY BROKER NETWORK CONNECT \u0002no',
    'PROXY BROKER NETWORK TLS \u0001x',
    'PROXY BROKER NETWORK UNKNOWNCA',
    'PROXY BROKER NETWORK SUBSCRIBE \u0000',
    'PROXY BROKER UNEXPECTED \u0003AB ',
    'PROXY BROKER TRANSPORT HANDSHAKE BAD_SERVICE',
    'PROXY PROTOCOL PROXY PROTOCOL CMD HAS_AUTH',
    'STORE  two spaces ',
    'EXPIRED',
    'QUOTA',
  ])('the error %j is read and written alike', (text) => {
    expect(new TextDecoder().decode(encodeError(decodeError(ascii(text)), 18))).toBe(text)
  })

  test('the old name of NO_ENTITY is understood', () => {
    expect(decodeError(ascii('CMD NO_QUEUE'))).toEqual({ type: 'CMD', reason: 'NO_ENTITY' })
  })

  test.each([
    'BLOCKED reason=spam,notice=',
    'BLOCKED reason=spam,notice=[]',
    'BLOCKED reason=spam,notice={"ttl":"1"}',
    'BLOCKED reason=spam,more',
    'PROXY BROKER NETWORK HUH',
    'PROXY BROKER TRANSPORT HANDSHAKE',
    'PROXY BROKER RESPONSE',
    'DUPLICATE_',
    'AUTH AUTH',
  ])('the error %j is refused', (text) => {
    expect(() => decodeError(ascii(text))).toThrow(expect.objectContaining({ code: 'encoding.decode' }))
  })

  test('the word of an error for logs never holds its text', () => {
    expect(errorWord({ type: 'STORE', text: 'secret' })).toBe('STORE')
    expect(errorWord(decodeError(ascii('PROXY BROKER RESPONSE \u0006secret')))).toBe('PROXY BROKER')
  })
})

test('smp.md 5.1: what may come with or without authorization and entity', () => {
  expect(checkCredentials('SEND', false, false)).toEqual({ type: 'CMD', reason: 'NO_ENTITY' })
  expect(checkCredentials('SEND', false, true)).toBeNull()
  expect(checkCredentials('NEW', true, true)).toEqual({ type: 'CMD', reason: 'HAS_AUTH' })
  expect(checkCredentials('SUBS', false, true)).toEqual({ type: 'CMD', reason: 'NO_AUTH' })
})

test('smp.md 6: the largest body of each version', () => {
  expect([7, 8, 10, 11, 18].map(maxBodySize)).toEqual([16_088, 16_064, 16_064, 16_048, 16_048])
})
