import { describe, expect, test } from 'vitest'
import { EMPTY } from '#core/base'
import {
  BATCH_COUNT,
  BATCH_LIMIT,
  type Response,
  decodeBatch,
  encodeServerTransmission,
} from '#core/protocol'
import { Outbox, type Push } from '../../../core/relay/outbox.ts'

const push = {} as Push
const item = (length: number, byte = 0): Uint8Array => new Uint8Array(length).fill(byte)

function sizes(content: Uint8Array | null): number[] | null {
  return content && decodeBatch(content).map((each) => each.length)
}

describe('what a connection is about to be told', () => {
  test('fills blocks in order, up to their size', () => {
    const outbox = new Outbox(() => null)
    for (const length of [10, 20, BATCH_LIMIT - 2, 30]) outbox.add(item(length))
    expect(sizes(outbox.next())).toEqual([10, 20])
    expect(sizes(outbox.next())).toEqual([BATCH_LIMIT - 2])
    expect(sizes(outbox.next())).toEqual([30])
    expect(outbox.next()).toBeNull()
    expect([outbox.empty, outbox.bytes]).toEqual([true, 0])
  })

  test('puts no more into a block than it may hold', () => {
    const outbox = new Outbox(() => null)
    for (let i = 0; i < BATCH_COUNT + 1; i++) outbox.add(item(3))
    expect(sizes(outbox.next())).toHaveLength(BATCH_COUNT)
    expect(sizes(outbox.next())).toHaveLength(1)
  })

  test('smp.md 10: 255 ENDs or 80 NMSGs fit one block', () => {
    const encoded = (response: Response): Uint8Array =>
      encodeServerTransmission({ corrId: EMPTY, entityId: new Uint8Array(24), response }, 18, EMPTY)
    const counts = (response: Response): (number | undefined)[] => {
      const outbox = new Outbox(() => null)
      for (let i = 0; i < 256; i++) outbox.add(encoded(response))
      return [sizes(outbox.next())?.length, sizes(outbox.next())?.length]
    }
    expect(counts({ type: 'END' })).toEqual([255, 1])
    const nmsg = { type: 'NMSG', nonce: new Uint8Array(24), meta: new Uint8Array(144) } as const
    expect(counts(nmsg)).toEqual([80, 80])
  })

  test('a push is looked up when its turn comes, once, and may have come to nothing', () => {
    let looked = 0
    const outbox = new Outbox(() => (looked++ === 0 ? null : item(16_200, looked)))
    for (let i = 0; i < 3; i++) outbox.add(push)
    outbox.add(item(500))
    expect([looked, outbox.bytes]).toEqual([0, 500])
    expect(sizes(outbox.next())).toEqual([16_200])
    expect(looked).toBe(3) // the third did not fit any more and waits as bytes
    expect(sizes(outbox.next())).toEqual([16_200])
    expect(sizes(outbox.next())).toEqual([500])
    expect([looked, outbox.empty, outbox.bytes]).toEqual([3, true, 0])
  })

  test('nothing but pushes that have come to nothing makes no block', () => {
    const outbox = new Outbox(() => null)
    outbox.add(push)
    outbox.add(push)
    expect(outbox.next()).toBeNull()
    expect(outbox.empty).toBe(true)
  })
})
