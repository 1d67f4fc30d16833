import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { errorCodes } from '#core/contract'
import {
  dayName,
  errorText,
  listTime,
  messageKeys,
  setLanguage,
  sourceText,
  t,
} from '../../../renderer/i18n/index.ts'
import type { MessageKey } from '../../../renderer/i18n/index.ts'
import { translate } from '../../../renderer/i18n/index.ts'

const renderer = join(import.meta.dirname, '../../../renderer')
const sources = (readdirSync(renderer, { recursive: true }) as string[])
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => readFileSync(join(renderer, path), 'utf8'))
const code = sources.join('\n')

/** Whole keys in quotes, and the fixed beginnings of keys that are put together at run time. */
const whole = new Set(code.match(/(?<=['"`])[a-zA-Z]+\.[\w.-]+(?=['"`])/g) ?? [])
const beginnings = [...new Set(code.match(/(?<=`)[a-zA-Z]+\.(?:[\w-]+\.)*(?=\$\{)/g) ?? [])]

afterEach(() => setLanguage('en'))

describe('the catalogue', () => {
  it('KEY-8: has no text that no screen uses', () => {
    const unused = messageKeys.filter(
      (key) => !whole.has(key) && !beginnings.some((start) => start.length > 4 && key.startsWith(start)),
    )
    expect(unused).toEqual([])
  })

  it('has a sentence with a next step for every error code of the contract (WRD-2)', () => {
    for (const errorCode of errorCodes) {
      const text = translate(`error.${errorCode}`)
      expect(text, errorCode).toBeDefined()
      expect(text?.split(/[.:;?] ?/).filter((part) => part !== '').length, errorCode).toBeGreaterThan(1)
    }
  })

  it('WRD-1: shows no abbreviation of the protocol', () => {
    const abbreviations = /\b(SMP|SKEY|AUTH|QUOTA|X3DH|TLS|KEM|AES|E2E|DER|SPKI|ACK|HELLO)\b/
    for (const key of messageKeys) expect(sourceText(key), key).not.toMatch(abbreviations)
  })

  it('keeps every area sorted and its keys in the area they name', () => {
    const folder = join(renderer, 'i18n/en')
    for (const file of readdirSync(folder)) {
      const keys = Object.keys(JSON.parse(readFileSync(join(folder, file), 'utf8')) as object)
      expect(keys, file).toEqual(keys.toSorted())
      const area = file.replace('.json', '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
      for (const key of keys) expect(key.startsWith(`${area}.`), key).toBe(true)
    }
  })

  it('parses every text, also in the long pseudo language', () => {
    const values = { name: 'N', count: 2, text: 'T', kind: 'K', relay: 'R', time: 'now' }
    for (const language of ['en', 'pseudo'] as const) {
      setLanguage(language)
      for (const key of messageKeys) {
        const argumentNames = sourceText(key)?.match(/(?<=\{)\w+(?=[,}])/g) ?? []
        const given = Object.fromEntries(
          argumentNames.map((name) => [name, name === 'count' ? 2 : `<${name}>`]),
        )
        expect(() => t(key as MessageKey, { ...given, ...values }), key).not.toThrow()
      }
    }
  })
})

describe('t', () => {
  it('puts values in as they are: markup and braces of another person stay text', () => {
    expect(t('conversation.empty.title', { name: '<b>{x}</b>' })).toContain('<b>{x}</b>')
  })

  it('counts', () => {
    expect(t('chats.row.unread', { count: 1 })).toBe('1 new message')
    expect(t('chats.row.unread', { count: 3 })).toBe('3 new messages')
  })

  it('KEY-8: grows by at least a quarter in the pseudo language', () => {
    const plain = t('chats.empty.lead')
    setLanguage('pseudo')
    expect(t('chats.empty.lead').length).toBeGreaterThan(plain.length * 1.25)
  })

  it('falls back to the words of the core for a code that it does not know', () => {
    expect(errorText({ code: 'NEW_CODE', message: 'Do this.' })).toBe('Do this.')
  })
})

describe('times of rows and days', () => {
  const now = new Date(2026, 10, 24, 16, 0)
  const at = (...parts: [number, number, number, number?, number?]): string =>
    new Date(...parts).toISOString()

  it('say Yesterday from midnight on, whatever the hour', () => {
    expect(listTime(at(2026, 10, 23, 23, 59), now)).toBe('Yesterday')
    expect(listTime(at(2026, 10, 24, 0, 1), now)).not.toBe('Yesterday')
    expect(dayName(at(2026, 10, 24, 0, 1), now)).toBe('Today')
  })

  it('name the weekday within a week and the year when it is another one', () => {
    expect(listTime(at(2026, 10, 20), now)).toBe(
      new Intl.DateTimeFormat(undefined, { weekday: 'short' }).format(new Date(2026, 10, 20)),
    )
    expect(listTime(at(2025, 10, 20), now)).toContain('2025')
  })
})

describe('errors in words', () => {
  it('say exactly what is in the way where one code has several causes, and never more than is known', () => {
    const messageThatNobodyTook = { code: 'NOT_READY', reason: 'not-accepted' }
    expect(errorText(messageThatNobodyTook)).toBe(
      'They have not accepted your request yet. You can write once they have.',
    )
    expect(errorText({ code: 'NOT_READY', reason: 'failed' })).toContain('could not be made')
    expect(errorText({ code: 'NOT_READY' })).not.toMatch(/connect|online/)
    expect(errorText({ code: 'LINK_USED', reason: 'own-link-opened' })).not.toContain('Ask for a new one')
    expect(errorText({ code: 'LINK_USED', reason: 'own-link-over' })).not.toContain('Ask for a new one')
    expect(errorText({ code: 'RELAY_UNREACHABLE', reason: 'no-relay' })).toContain(
      'No relay of yours is switched on',
    )
    expect(errorText({ code: 'ALREADY_EXISTS', reason: 'relay-listed' })).toContain('relay is in your list')
  })

  it('fall back to the sentence of the code for a cause without words of its own', () => {
    expect(errorText({ code: 'LINK_USED', reason: 'something-later' })).toBe(errorText({ code: 'LINK_USED' }))
  })

  it('call a relay a relay, and a server only what is named so', () => {
    for (const key of messageKeys)
      expect(sourceText(key)?.replaceAll('SimpleX servers', ''), key).not.toMatch(/\bservers?\b/i)
  })
})
