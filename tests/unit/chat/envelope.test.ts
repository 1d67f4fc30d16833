import { zstdCompressSync, constants } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromUtf8, utf8 } from '#core/base'
import { encodeChatMessage, parseBody, parseConnectionInfo } from '../../../core/chat/envelope.ts'
import {
  encodeInfo,
  encodeNewMessage,
  interpret,
  newMessageId,
  textContent,
  wantsReceipt,
} from '../../../core/chat/events.ts'
import { profileFromJson } from '../../../core/chat/profile-record.ts'

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))
const seeded = { bytes: (length: number) => new Uint8Array(length).fill(7) }

function compressed(...blocks: Uint8Array[]): Uint8Array {
  const framed = blocks.map((block) => {
    const frame = new Uint8Array(zstdCompressSync(block))
    return concatBytes(new Uint8Array([0x31, frame.length >> 8, frame.length & 255]), frame)
  })
  return concatBytes(utf8('X'), new Uint8Array([blocks.length]), ...framed)
}

const hello = {
  v: '1-16',
  msgId: 'QUJD',
  event: 'x.msg.new',
  params: { content: { type: 'text', text: 'hi' } },
}

describe('bodies (chat.md 1.2)', () => {
  it('reads one message', () => {
    const [parsed] = parseBody(json(hello))
    expect(parsed).toMatchObject({ ok: true, message: { event: 'x.msg.new', versions: { min: 1, max: 16 } } })
  })

  it('reads an array, and a broken element spoils only itself', () => {
    const parsed = parseBody(json([hello, { event: 'y.bad', params: {} }, 5, hello]))
    expect(parsed.map((one) => one.ok)).toEqual([true, false, false, true])
  })

  it('reads compressed bodies, plain blocks among them', () => {
    const plain = json(hello)
    const short = concatBytes(new Uint8Array([0x30, plain.length]), plain)
    const body = concatBytes(utf8('X'), new Uint8Array([1]), short)
    expect(parseBody(body)).toMatchObject([{ ok: true }])
    expect(parseBody(compressed(json([hello, hello])))).toHaveLength(2)
  })

  it('refuses what is nested without end: it could be read, never written down, and would stay in its queue for ever', () => {
    const nested = (depth: number, text = 'hi'): Uint8Array => {
      const extra = `${'['.repeat(depth)}${']'.repeat(depth)}`
      const content = `{"type":"text","text":${JSON.stringify(text)},"extra":${extra}}`
      return utf8(`{"v":"1-16","event":"x.msg.new","params":{"content":${content}}}`)
    }
    expect(parseBody(nested(50))).toMatchObject([{ ok: true }])
    expect(parseBody(nested(50, '[{"'.repeat(200)))).toMatchObject([{ ok: true }])
    expect(parseBody(nested(5_000))).toMatchObject([{ ok: false }])
    expect(parseBody(compressed(nested(30_000)))).toMatchObject([{ ok: false }])
    // However it is quoted, each sign is looked at once.
    const began = performance.now()
    for (const text of ['{"', '{"\\', '{"\\"']) parseBody(utf8(text.padEnd(60_000, text.slice(1))))
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it('32,000 empty elements in 27 bytes are a handful of errors, and no connection info', () => {
    const empties = utf8(`[${'{},'.repeat(21_000)}{}]`)
    const parsed = parseBody(compressed(empties))
    expect(parsed.length).toBeLessThan(20)
    expect(parsed.every(({ ok }) => !ok)).toBe(true)
    expect(() => parseConnectionInfo(compressed(empties))).toThrow('connection info is one message')
  })

  it('more messages than apps put into one body are not looked at, and that is told', () => {
    const small = json(Array<unknown>(1_200).fill({ event: 'x.ok', params: {} }))
    const parsed = parseBody(compressed(small))
    expect(parsed).toHaveLength(1_001)
    expect(parsed.filter(({ ok }) => !ok)).toHaveLength(1)
  })

  it('refuses a body that would unpack to more than 65,536 bytes, and a frame that hides its size', () => {
    expect(parseBody(compressed(new Uint8Array(65_537).fill(32)))).toMatchObject([{ ok: false }])
    const half = utf8(`"${'a'.repeat(40_000)}"`)
    expect(parseBody(compressed(half, half))).toMatchObject([{ ok: false }])
    const hidden = zstdCompressSync(json(hello), { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } })
    const body = concatBytes(
      utf8('X'),
      new Uint8Array([1, 0x31, hidden.length >> 8, hidden.length & 255]),
      hidden,
    )
    expect(parseBody(body)).toMatchObject([{ ok: false }])
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a binary batch', utf8('=\u0001')],
    ['a file chunk', utf8('F...')],
    ['broken JSON', utf8('{"v":')],
    ['JSON that is not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['an X without blocks', utf8('X')],
    ['an X with no block', new Uint8Array([0x58, 0])],
    ['deep nesting', utf8('['.repeat(15_000))],
  ])('answers %s with an error and no throw', (_name, body) => {
    expect(parseBody(body).every((one) => !one.ok)).toBe(true)
  })

  it('takes version 1 where none is said, and null for absent', () => {
    expect(parseBody(json({ event: 'x.ok', params: {}, msgId: null, v: null }))).toMatchObject([
      { ok: true, message: { versions: { min: 1, max: 1 }, msgId: null } },
    ])
  })

  it.each([
    { event: 'x.ok' },
    { event: 'x ok', params: {} },
    { event: 'msg', params: {} },
    { event: 'x.ok', params: [] },
    { event: 'x.ok', params: {}, msgId: '' },
    { event: 'x.ok', params: {}, msgId: 'not base64!' },
    { event: 'x.ok', params: {}, v: '9-1' },
  ])('refuses %j', (value) => {
    expect(parseBody(json(value))).toMatchObject([{ ok: false }])
  })
})

describe('what is sent', () => {
  it('always says its versions and params, and no whitespace', () => {
    const text = fromUtf8(
      encodeChatMessage({ event: 'x.direct.del', params: {}, msgId: new Uint8Array([1]) }),
    )
    expect(text).toBe('{"v":"1-16","msgId":"AQ==","event":"x.direct.del","params":{}}')
  })

  it('gives messages an id of the shape that official apps use: 24 characters ending ==', () => {
    const id = newMessageId(seeded)
    expect(id).toHaveLength(16)
    const body = JSON.parse(fromUtf8(encodeNewMessage(textContent('hi'), id))) as { msgId: string }
    expect(body.msgId).toMatch(/^[\w-]{22}==$/)
  })

  it('sends a complete profile without an id as connection info', () => {
    const profile = { displayName: 'Ann', fullName: '', description: null, image: null, contactLink: null }
    const message = parseConnectionInfo(encodeInfo(profile))
    expect(message.msgId).toBeNull()
    expect(message.params['profile']).toMatchObject({
      displayName: 'Ann',
      fullName: '',
      preferences: { calls: { allow: 'no' }, timedMessages: { allow: 'no' } },
    })
    expect(interpret(message)).toEqual({ type: 'x.info', profile })
  })
})

describe('events', () => {
  const event = (name: string, params: object): ReturnType<typeof interpret> => {
    const [parsed] = parseBody(json({ event: name, params }))
    if (!parsed?.ok) throw new Error('not read')
    return interpret(parsed.message)
  }

  it('keeps an unknown content type whole and shows its text', () => {
    const content = { type: 'poll', text: 'Lunch?', options: [1, 2] }
    expect(event('x.msg.new', { content })).toEqual({
      type: 'x.msg.new',
      content: { type: 'poll', text: 'Lunch?', json: JSON.stringify(content) },
    })
    expect(event('x.msg.new', { content: { type: 'poll' } })).toMatchObject({ content: { text: '' } })
  })

  it('refuses a known type without its text', () => {
    expect(() => event('x.msg.new', { content: { type: 'text' } })).toThrow()
    expect(() => event('x.msg.new', {})).toThrow()
  })

  it('tolerates probes and ignores what it does not know', () => {
    for (const name of ['x.info.probe', 'x.info.probe.check', 'x.info.probe.ok']) {
      expect(event(name, { probe: 'AA==' })).toEqual({ type: 'probe' })
    }
    expect(event('x.msg.react', {})).toEqual({ type: 'unknown' })
    expect(event('x.brand.new', {})).toEqual({ type: 'unknown' })
  })

  it('owes a receipt for messages only', () => {
    const message = (name: string) => ({ event: name, params: {}, msgId: null, versions: { min: 1, max: 1 } })
    expect(wantsReceipt(message('x.msg.new'))).toBe(true)
    expect(wantsReceipt(message('x.info'))).toBe(false)
    expect(wantsReceipt(message('x.msg.update'))).toBe(false)
  })

  it('loses a profile whose preferences have an unknown allow, as official apps do', () => {
    const preferences = { calls: { allow: 'sometimes' } }
    expect(() => profileFromJson({ displayName: 'A', fullName: '', preferences })).toThrow()
    expect(
      profileFromJson({ displayName: 'A', fullName: '', preferences: { novel: { allow: 'maybe' } } }),
    ).toBeTruthy()
    expect(() => profileFromJson({ displayName: 'A' })).toThrow()
  })
})
