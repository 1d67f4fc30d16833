import { expect, test } from 'vitest'
import { PageKeys } from '../../../main/browser/keys.ts'

test('the key of an address opens once, and the page that used it has another for as long as the program runs', () => {
  const keys = new PageKeys()
  const address = keys.once()
  expect(keys.opens(address)).toBe(true)
  const own = keys.use(address, null)
  expect(own).not.toBeNull()
  expect(own).not.toBe(address)
  expect(keys.opens(address)).toBe(false)
  expect(keys.use(address, null)).toBeNull()
  for (let visit = 0; visit < 3; visit++) expect(keys.use(own!, null)).toBe(own)
})

test('what only looks like a key opens nothing', () => {
  const keys = new PageKeys()
  const address = keys.once()
  for (const wrong of [
    '',
    address.slice(1),
    `${address}x`,
    address.toLowerCase(),
    '\u00e9'.repeat(43),
    'undefined',
  ])
    expect(keys.use(wrong, null)).toBeNull()
  expect(keys.opens(address)).toBe(true)
})

test('of many addresses that nobody used the oldest make room, and no open page loses its key by that', () => {
  const keys = new PageKeys()
  const own = keys.use(keys.once(), null)!
  const first = keys.once()
  for (let i = 0; i < 50; i++) keys.once()
  expect(keys.opens(first)).toBe(false)
  expect(keys.opens(own)).toBe(true)
})

test('a page that reloads in the moment of its first use comes back with the key that it had made', () => {
  const keys = new PageKeys()
  const made = 'a'.repeat(43)
  expect(keys.use(keys.once(), made)).toBe(made)
  expect(keys.opens(made)).toBe(true)
  for (const poor of ['', 'short', `${'a'.repeat(42)}!`]) expect(keys.use(keys.once(), poor)).not.toBe(poor)
})
