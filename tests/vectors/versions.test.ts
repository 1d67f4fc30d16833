import { expect } from 'vitest'
import { decode, encode, formatVersionRange, parseVersionRange, versionRange } from '#core/encoding'
import { bytes, expectBytes, expectRefused, vectorFile } from './harness.ts'
import { toRange, type Pair } from './shapes.ts'
import { checkCapping, checkNegotiation, pair } from './version-cases.ts'

vectorFile('versions', (file) => {
  file.list('negotiate', checkNegotiation)
  file.list('capped', checkCapping)
  file.list('encodings', (c: { binary: string; range: Pair; string: string }) => {
    expectBytes(encode(versionRange, toRange(c.range)), c.binary)
    expect(pair(decode(versionRange, bytes(c.binary)))).toEqual(c.range)
    expect(formatVersionRange(toRange(c.range))).toBe(c.string)
    expect(pair(parseVersionRange(c.string))).toEqual(c.range)
  })
  file.list('invalidBinary', (c: string) => expectRefused(() => decode(versionRange, bytes(c)), c))
  file.list('invalidStrings', (c: string) => expectRefused(() => parseVersionRange(c), c))
})
