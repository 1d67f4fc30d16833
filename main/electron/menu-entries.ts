/** What the menu of the secondary button holds. Only what stays in the window: no link is opened, nothing is looked up. */

const WORDS = ['cut', 'copy', 'paste', 'selectAll', 'addWord', 'noSuggestion'] as const

/** As the page's catalogue has them; it alone knows the language. */
export type MenuWords = Readonly<Record<(typeof WORDS)[number], string>>

const LONGEST_WORD = 100
const MOST_SUGGESTIONS = 5

/** What the page says that the words are; `null` for anything else. */
export function menuWordsOf(value: unknown): MenuWords | null {
  if (typeof value !== 'object' || value === null) return null
  const given = value as Record<string, unknown>
  const words = WORDS.map((key) => [key, given[key]] as const)
  const isWord = (word: unknown): boolean =>
    typeof word === 'string' && word !== '' && word.length <= LONGEST_WORD
  if (!words.every(([, word]) => isWord(word))) return null
  return Object.fromEntries(words) as MenuWords
}

/** What Chromium tells of the place that was pressed; a part of Electron's `ContextMenuParams`. */
export interface MenuPlace {
  isEditable: boolean
  selectionText: string
  formControlType: string
  misspelledWord: string
  dictionarySuggestions: readonly string[]
  editFlags: { canCut: boolean; canCopy: boolean; canPaste: boolean; canSelectAll: boolean }
}

export type MenuDeed =
  | { do: 'cut' | 'copy' | 'paste' | 'selectAll' }
  | { do: 'replace' | 'learn'; word: string }
  | { do: 'nothing' }

export type MenuEntry = { label: string; enabled: boolean; deed: MenuDeed } | 'line'

/** Empty where there is nothing to do: then no menu opens. */
export function menuEntries(place: MenuPlace, words: MenuWords): MenuEntry[] {
  const { editFlags: can } = place
  const copy: MenuEntry = { label: words.copy, enabled: can.canCopy, deed: { do: 'copy' } }
  const all: MenuEntry = { label: words.selectAll, enabled: can.canSelectAll, deed: { do: 'selectAll' } }
  if (place.isEditable)
    return [
      ...spelling(place, words),
      { label: words.cut, enabled: can.canCut, deed: { do: 'cut' } },
      copy,
      { label: words.paste, enabled: can.canPaste, deed: { do: 'paste' } },
      'line',
      all,
    ]
  // a field that is only to be read, such as a link
  const isField = place.formControlType.startsWith('input') || place.formControlType.startsWith('text-area')
  if (isField) return [copy, all]
  return place.selectionText.trim() === '' ? [] : [copy]
}

function spelling({ misspelledWord, dictionarySuggestions }: MenuPlace, words: MenuWords): MenuEntry[] {
  if (misspelledWord === '') return []
  const found = dictionarySuggestions.slice(0, MOST_SUGGESTIONS).map((word): MenuEntry => {
    // an ampersand marks a key of the menu, two of them are one
    return { label: word.replaceAll('&', '&&'), enabled: true, deed: { do: 'replace', word } }
  })
  return [
    ...(found.length > 0
      ? found
      : [{ label: words.noSuggestion, enabled: false, deed: { do: 'nothing' as const } }]),
    { label: words.addWord, enabled: true, deed: { do: 'learn', word: misspelledWord } },
    'line',
  ]
}
