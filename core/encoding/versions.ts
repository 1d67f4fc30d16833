import { type Codec, u16 } from './codec.ts'
import { DecodeError } from './reader.ts'

/** A range of versions that one side speaks, both ends included. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

export const versionRange: Codec<VersionRange> = {
  write(writer, range) {
    u16.write(writer, range.min)
    u16.write(writer, range.max)
  },
  read(reader) {
    const min = u16.read(reader)
    const max = u16.read(reader)
    if (min > max) reader.fail('version range upside down')
    return { min, max }
  },
}

/** The highest version that both speak, or null. */
export function agreeVersion(a: VersionRange, b: VersionRange): number | null {
  const version = Math.min(a.max, b.max)
  return version >= a.min && version >= b.min ? version : null
}

export function includesVersion(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max
}

/** What both ranges share, or null. */
export function intersectVersions(a: VersionRange, b: VersionRange): VersionRange | null {
  const min = Math.max(a.min, b.min)
  const max = Math.min(a.max, b.max)
  return min <= max ? { min, max } : null
}

/** `a-b`, or `a` where both ends are equal. */
export function formatVersionRange(range: VersionRange): string {
  return range.min === range.max ? `${range.min}` : `${range.min}-${range.max}`
}

export function parseVersionRange(text: string): VersionRange {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text)
  if (!match) throw new DecodeError('not a version range', 0)
  const min = Number(match[1])
  const max = Number(match[2] ?? match[1])
  if (min > max || max > 0xffff) throw new DecodeError('version range upside down or too high', 0)
  return { min, max }
}
