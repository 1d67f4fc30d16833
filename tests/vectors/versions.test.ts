import { expect } from 'vitest'
import {
  agreeVersion,
  decode,
  encode,
  formatVersionRange,
  includesVersion,
  intersectVersions,
  parseVersionRange,
  versionRange,
  type VersionRange,
} from '#core/encoding'
import { bytes, expectBytes, expectRefused, vectorFile } from './harness.ts'

type Pair = [number, number]

export const range = ([min, max]: Pair): VersionRange => ({ min, max })
const pair = (value: VersionRange | null): Pair | null => value && [value.min, value.max]

export interface Negotiation {
  a: Pair
  b: Pair
  range: Pair | null
  version: number | null
}
export interface Capping {
  range: Pair
  maxVersion: number
  isCompatible?: boolean
  result: Pair | null
}

export function checkNegotiation(c: Negotiation): void {
  expect(agreeVersion(range(c.a), range(c.b))).toBe(c.version)
  expect(pair(intersectVersions(range(c.a), range(c.b)))).toEqual(c.range)
}

/** What is left of our range when the peer settled on a version: nothing unless we speak it. */
export function checkCapping(c: Capping): void {
  const speaks = includesVersion(range(c.range), c.maxVersion)
  if (c.isCompatible !== undefined) expect(speaks).toBe(c.isCompatible)
  const capped = speaks ? intersectVersions(range(c.range), { min: 0, max: c.maxVersion }) : null
  expect(pair(capped)).toEqual(c.result)
}

vectorFile('versions', (file) => {
  file.list('negotiate', checkNegotiation)
  file.list('capped', checkCapping)
  file.list('encodings', (c: { binary: string; range: Pair; string: string }) => {
    expectBytes(encode(versionRange, range(c.range)), c.binary)
    expect(pair(decode(versionRange, bytes(c.binary)))).toEqual(c.range)
    expect(formatVersionRange(range(c.range))).toBe(c.string)
    expect(pair(parseVersionRange(c.string))).toEqual(c.range)
  })
  file.list('invalidBinary', (c: string) => expectRefused(() => decode(versionRange, bytes(c)), c))
  file.list('invalidStrings', (c: string) => expectRefused(() => parseVersionRange(c), c))
})
