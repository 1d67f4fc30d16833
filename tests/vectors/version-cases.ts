import { expect } from 'vitest'
import { agreeVersion, includesVersion, intersectVersions, type VersionRange } from '#core/encoding'
import { fromRange, toRange, type Pair } from './shapes.ts'

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

export const pair = (value: VersionRange | null): Pair | null => value && fromRange(value)

export function checkNegotiation(c: Negotiation): void {
  expect(agreeVersion(toRange(c.a), toRange(c.b))).toBe(c.version)
  expect(pair(intersectVersions(toRange(c.a), toRange(c.b)))).toEqual(c.range)
}

/** What is left of our range when the peer settled on a version: nothing unless we speak it. */
export function checkCapping(c: Capping): void {
  const speaks = includesVersion(toRange(c.range), c.maxVersion)
  if (c.isCompatible !== undefined) expect(speaks).toBe(c.isCompatible)
  const capped = speaks ? intersectVersions(toRange(c.range), { min: 0, max: c.maxVersion }) : null
  expect(pair(capped)).toEqual(c.result)
}
