import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, utf8 } from '#core/base'
import { displayLine, findLinks, nearestName } from '#core/chat'
import { linkReaders } from '../../core/app/link-readers.ts'
import { encodeChatMessage, parseBody } from '../../core/chat/envelope.ts'
import { interpret } from '../../core/chat/events.ts'
import { unpackBlocks } from '../../core/chat/compression.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 200 })

describe('whatever a peer sends', () => {
  it('any bytes are messages or typed errors, never a throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', '{', '[', 'X', '=', 'F'),
        fc.uint8Array({ maxLength: 300 }),
        (first, rest) => {
          for (const parsed of parseBody(concatBytes(utf8(first), rest))) {
            if (!parsed.ok) expect(parsed.error.code).toBe('encoding.decode')
          }
        },
      ),
    )
  })

  it('any JSON is messages or typed errors', () => {
    const loose = fc.record(
      { v: fc.json(), msgId: fc.json(), event: anyText, params: fc.jsonValue() },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(loose, fc.array(loose), fc.jsonValue()), (value) => {
        for (const parsed of parseBody(utf8(JSON.stringify(value)))) {
          if (!parsed.ok) expect(parsed.error.code).toBe('encoding.decode')
        }
      }),
    )
  })

  it('any parameters of a known event are understood or a typed error', () => {
    const events = fc.constantFrom('x.info', 'x.msg.new', 'x.direct.del', 'x.info.probe', 'x.other')
    const params = fc.oneof(
      fc.dictionary(fc.constantFrom('profile', 'content', 'probe'), fc.jsonValue()),
      fc.record({ content: fc.record({ type: anyText, text: fc.jsonValue() }, { requiredKeys: [] }) }),
      fc.record({
        profile: fc.record({
          displayName: anyText,
          fullName: anyText,
          image: fc.jsonValue(),
          preferences: fc.jsonValue(),
        }),
      }),
    )
    fc.assert(
      fc.property(events, params, (event, value) => {
        const [parsed] = parseBody(encodeChatMessage({ event, params: value }))
        if (!parsed?.ok) throw new Error('our own encoding does not parse')
        try {
          interpret(parsed.message)
        } catch (error) {
          expect(error).toMatchObject({ code: 'encoding.decode' })
        }
      }),
    )
  })

  it('any blocks unpack to at most 65,536 bytes, or are a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const total = unpackBlocks(bytes).reduce((sum, block) => sum + block.length, 0)
          expect(total).toBeLessThanOrEqual(65_536)
        } catch (error) {
          expect(error).toMatchObject({ code: 'encoding.decode' })
        }
      }),
    )
  })
})

describe('whatever a person pastes or types', () => {
  it('any text is looked through without a throw, and nothing found is empty', () => {
    const pieces = fc.constantFrom(
      'simplex:/',
      'https://',
      '#/?',
      'v=2-7',
      '&smp=',
      '%',
      '\n',
      '> ',
      'smp://',
      '12345 ',
      '/i#',
      '.',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, anyText), { maxLength: 30 }), (parts) => {
        for (const found of findLinks(parts.join(''), linkReaders)) expect(found.text).not.toBe('')
      }),
    )
  })

  it('the nearest name of the nearest name is itself', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const nearest = nearestName(text)
        expect(nearestName(nearest)).toBe(nearest)
      }),
    )
  })

  it('a line for the screen has no controls, no overrides and at most its length', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, length) => {
        const line = displayLine(text, length)
        expect([...line].length).toBeLessThanOrEqual(length)
        expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })
})
