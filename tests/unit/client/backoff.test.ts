import { expect, test } from 'vitest'
import { backoff } from '../../../core/client/backoff.ts'
import { DEFAULT_LIMITS } from '../../../core/client/constants.ts'

const drawn = (byte: number) => ({ bytes: () => Uint8Array.of(byte) })

test('pauses grow from 2 s by half to 180 s, a quarter more or less', () => {
  const pauses = (byte: number): number[] =>
    Array.from({ length: 14 }, (_, attempt) => backoff(attempt, DEFAULT_LIMITS, drawn(byte)))
  expect(pauses(0).slice(0, 3)).toEqual([1_500, 2_250, 3_375])
  expect(pauses(255).slice(0, 3)).toEqual([2_500, 3_750, 5_625])
  expect(pauses(0)[13]).toBe(135_000)
  expect(Math.max(...pauses(255))).toBe(180_000)
})
