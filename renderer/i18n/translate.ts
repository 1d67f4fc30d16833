/** The typed `t`. intl-messageformat interprets its syntax tree, so it needs no `eval` and lives under a strict content policy. */
import { IntlMessageFormat } from 'intl-messageformat'
import { sourceText } from './catalogue.ts'
import type { MessageKey } from './catalogue.ts'
import { pseudo } from './pseudo.ts'

export type Values = Readonly<Record<string, string | number | Date>>

/** `pseudo` is the language of the layout test: 40 % longer, accented, still readable. */
export type Language = 'en' | 'pseudo'

let current: Language = 'en'
const formats = new Map<string, IntlMessageFormat>()

export function setLanguage(next: Language): void {
  current = next
  formats.clear()
}

export function t(key: MessageKey, values?: Values): string {
  return translate(key, values) ?? key
}

/** For keys built at run time (error codes); `undefined` when the catalogue has none. */
export function translate(key: string, values?: Values): string | undefined {
  const known = formats.get(key)
  if (known) return known.format(values) as string
  const text = sourceText(key)
  if (text === undefined) return undefined
  const format = new IntlMessageFormat(current === 'pseudo' ? pseudo(text) : text, 'en', undefined, {
    ignoreTag: true,
  })
  formats.set(key, format)
  return format.format(values) as string
}
