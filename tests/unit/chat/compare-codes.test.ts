import { expect, it } from 'vitest'
import { compareCodes } from '../../../core/chat/compare-codes.ts'

const CODE = '41077 92836 50214 77398 06651 28840 91357 44620 83915 20476 66093 15782 39504 87261 70338 49'
const OTHER = '11077 92836 50214 77398 06651 28840 91357 44620 83915 20476 66093 15782 39504 87261 70338 49'
const SHORTER = OTHER.slice(0, -1)

it('VER-5: spaces, line breaks, grouping and invisible marks do not count', () => {
  for (const same of [
    CODE,
    CODE.replaceAll(' ', ''),
    CODE.replace(/(.{24})/g, '$1\n'),
    ` ${CODE.replaceAll(' ', '\u00a0')}\r\n`,
    `\u2068${CODE.replaceAll(' ', '\t')}\u2069`,
    [...CODE.replaceAll(' ', '')].join(' '),
  ]) {
    expect(compareCodes(CODE, same)).toBeNull()
  }
})

it('VER-3: the code of another contact is different, of whatever length', () => {
  expect(compareCodes(CODE, OTHER)).toBe('different')
  expect(compareCodes(CODE, SHORTER)).toBe('different')
  expect(compareCodes(SHORTER, CODE)).toBe('different')
})

it('VER-5: a code of wrong length is incomplete, not different', () => {
  for (const part of [
    CODE.slice(0, -1),
    CODE.slice(1),
    CODE.slice(6),
    CODE.slice(0, 24),
    CODE.replace('50214 ', ''),
    CODE.replace('3', ''),
    `${CODE}7`,
    `${CODE} 11111`,
    OTHER.slice(0, 40),
    '1',
  ]) {
    expect(compareCodes(CODE, part)).toBe('incomplete')
  }
})

it.each(['', ' \n', 'hello', `${CODE}x`, '٤١٠٧٧', 'simplex:/invitation#x', '1'.repeat(1_000), '-1', '1e77'])(
  'what is no code is called no code: %j',
  (text) => expect(compareCodes(CODE, text)).toBe('not-a-code'),
)

it('a change of any one digit is a difference', () => {
  for (let at = 0; at < CODE.length; at++) {
    if (CODE[at] === ' ') continue
    const wrong = CODE.slice(0, at) + ((Number(CODE[at]) + 1) % 10).toString() + CODE.slice(at + 1)
    expect(compareCodes(CODE, wrong)).toBe('different')
  }
})
