import { describe, expect, it } from 'vitest'
import { displayLine, isValidName, nearestName, profileForDisplay, suggestedName } from '#core/chat'

describe('display names (chat.md 2.3)', () => {
  it.each([
    ['Alice', 'Alice'],
    [' Alice ', 'Alice'],
    ['Al  ice', 'Al ice'],
    ["O'Hara", 'OHara'],
    ['#alice', 'alice'],
    ['@@alice', 'alice'],
    ['-alice', 'alice'],
    ['Dr. Bob', 'Dr. Bob'],
    ['a....b', 'a...b'],
    ['a -- b', 'a -- b'],
    ['a - - b', 'a - b'],
    ['Élodie\u0301', 'Élodie\u0301'],
    ['👩 coder', '👩 coder'],
    ['tab\there', 'tab here'],
    ['\u202eevil', 'evil'],
    ['x'.repeat(60), 'x'.repeat(50)],
    ['', ''],
    ['...', ''],
    ['1st', '1st'],
    ['Алёна Ж', 'Алёна Ж'],
    ['a\u2800b\u3164', 'ab'],
  ])('%j is nearest to %j', (text, nearest) => {
    expect(nearestName(text)).toBe(nearest)
    expect(isValidName(text)).toBe(text === nearest && text !== '')
  })

  it('is stable: the nearest name is valid or empty', () => {
    for (const text of ['a - b', "'' x", '#@!?', 'a.b.c.d', '  - -x', 'name,', 'q.,;:!']) {
      const nearest = nearestName(text)
      if (nearest !== '') expect(nearestName(nearest)).toBe(nearest)
    }
  })
})

describe('what is offered in place of a name that cannot be taken', () => {
  it.each([
    // the limit falls into "Wessex", and right behind "Cambridge"
    ['Christopher Alexander Montgomery the Third of Wessex', 'Christopher Alexander Montgomery the Third of'],
    [`${'a'.repeat(40)} Cambridge and more`, `${'a'.repeat(40)} Cambridge`],
    [
      'Anna-Magdalena Wilhelmina Charlotte von Reichen - Bach',
      'Anna-Magdalena Wilhelmina Charlotte von Reichen',
    ],
    ['Montgomery-Featherstonehaugh-Cholmondeley-Marjoribanks', 'Montgomery-Featherstonehaugh-Cholmondeley'],
    ['x'.repeat(60), 'x'.repeat(50)],
    [`${'x'.repeat(49)}e\u0301${'x'.repeat(9)}`, 'x'.repeat(49)],
    ["#O'Hara", 'OHara'],
    ['...', ''],
  ])('%j: %j', (text, offered) => {
    expect(suggestedName(text)).toBe(offered)
    if (offered !== '') expect(isValidName(offered)).toBe(true)
  })
})

const UNSEEN = [
  '\u2800',
  '\u3164',
  '\u115f\u1160',
  '\uffa0',
  '\u{1d159}',
  '\u00a0\u3000',
  '\u0301\u0301',
  '\ufe0f',
  '\u{e0041}',
  '\u200d',
  '\u17b4',
]

describe('names of which nothing can be seen', () => {
  it.each(UNSEEN)('%j is no name of an own profile', (text) => {
    expect(nearestName(text)).toBe('')
    expect(isValidName(text)).toBe(false)
  })

  it.each(UNSEEN)('%j of a peer is said to be no name', (text) => {
    expect(displayLine(text)).toBe('')
    const profile = { displayName: text, fullName: text, description: null, image: null, contactLink: null }
    expect(profileForDisplay(profile)).toMatchObject({ displayName: '(no visible name)', fullName: '' })
  })
})

describe('names of peers on screen', () => {
  it('drops controls, direction overrides and zero width characters, and keeps joined emoji', () => {
    expect(displayLine('a\u202eb\u0000c\u200b\nd')).toBe('ab' + 'c d')
    expect(displayLine('👩\u200d💻')).toBe('👩\u200d💻')
  })

  it('shortens 10,000 characters to one line of 50', () => {
    expect([...displayLine('x'.repeat(10_000))]).toHaveLength(50)
  })

  it('cuts piles of combining marks', () => {
    expect(displayLine(`a${'\u0301'.repeat(100)}b`).length).toBeLessThan(10)
  })
})
