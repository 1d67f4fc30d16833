import { expect, test } from 'vitest'
import { menuEntries, type MenuPlace, menuWordsOf } from '../../../main/electron/menu-entries.ts'

const words = {
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select all',
  addWord: 'Add to dictionary',
  noSuggestion: 'No suggestions',
}
const everything = { canCut: true, canCopy: true, canPaste: true, canSelectAll: true }
const place = (more: Partial<MenuPlace>): MenuPlace => ({
  isEditable: false,
  selectionText: '',
  formControlType: 'none',
  misspelledWord: '',
  dictionarySuggestions: [],
  editFlags: everything,
  ...more,
})
const labels = (at: MenuPlace): string[] =>
  menuEntries(at, words).map((entry) =>
    entry === 'line' ? '-' : entry.enabled ? entry.label : `(${entry.label})`,
  )

test('a field has cut, copy, paste and select all, each as far as it can be done', () => {
  expect(labels(place({ isEditable: true }))).toEqual(['Cut', 'Copy', 'Paste', '-', 'Select all'])
  const empty = { canCut: false, canCopy: false, canPaste: true, canSelectAll: false }
  expect(labels(place({ isEditable: true, editFlags: empty }))).toEqual([
    '(Cut)',
    '(Copy)',
    'Paste',
    '-',
    '(Select all)',
  ])
})

test('selected text can be copied, a link to be read also be selected, and elsewhere no menu opens', () => {
  expect(labels(place({ selectionText: 'hello' }))).toEqual(['Copy'])
  expect(labels(place({ formControlType: 'input-text' }))).toEqual(['Copy', 'Select all'])
  expect(labels(place({}))).toEqual([])
  expect(labels(place({ selectionText: ' \n' }))).toEqual([])
})

test('a word that is spelt wrongly has suggestions first, as words and not as keys of the menu', () => {
  const wrong = { isEditable: true, misspelledWord: 'teh' }
  expect(labels(place({ ...wrong, dictionarySuggestions: ['the', 'R&D', 'a', 'b', 'c', 'd'] }))).toEqual([
    ...['the', 'R&&D', 'a', 'b', 'c'],
    ...['Add to dictionary', '-', 'Cut', 'Copy', 'Paste', '-', 'Select all'],
  ])
  expect(menuEntries(place({ ...wrong, dictionarySuggestions: ['R&D'] }), words)[0]).toMatchObject({
    deed: { do: 'replace', word: 'R&D' },
  })
  expect(labels(place(wrong)).slice(0, 2)).toEqual(['(No suggestions)', 'Add to dictionary'])
})

test('what the page says is taken only if it is the words of this menu', () => {
  expect(menuWordsOf({ ...words, more: 'x' })).toEqual(words)
  for (const wrong of [
    null,
    'Cut',
    [],
    {},
    { ...words, cut: '' },
    { ...words, cut: 'x'.repeat(101) },
    { ...words, copy: 1 },
  ])
    expect(menuWordsOf(wrong)).toBeNull()
})
