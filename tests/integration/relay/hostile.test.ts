import { describe, expect, test, vi } from 'vitest'
import { deadline, systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import { type Command, encodeBatch, encodeCommand } from '#core/protocol'
import { dialTls } from '#core/transport'
import { type TestClient, aKey, aQueue, ok } from './client.ts'
import { aClient, aRelay } from './setup.ts'
import { PING, ack, bodyOf, send } from './words.ts'

const BLOCKS = 300
const key = aKey()
const id = systemRandom.bytes(24)
const commands: readonly Command[] = [
  { type: 'SUB' },
  { type: 'ACK', msgId: id },
  { type: 'KEY', sndKey: key.public },
  { type: 'NKEY', ntfKey: key.public, rcvNtfDhKey: systemRandom.bytes(32) },
  { type: 'LSET', linkId: id, fixed: id, user: id },
  { type: 'RKEY', rcvAuthKeys: [key.public] },
  send('hello', true),
]

function below(limit: number): number {
  const [high, low] = systemRandom.bytes(2) as unknown as [number, number]
  return ((high << 8) | low) % limit
}

/** A transmission that was right before a few of its bytes changed. */
function almostRight(client: TestClient): Uint8Array {
  const command = encodeCommand(commands[below(commands.length)]!, client.session.version)
  const bytes = client.transmission({ command, entity: id, key: key.own })
  for (let i = below(4); i > 0; i--) bytes[below(bytes.length)] = below(256)
  return below(4) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes
}

describe('clients that send nonsense', () => {
  test('no block harms the relay or a pair that talks beside it', async () => {
    const relay = await aRelay()
    const mallory = await aClient(relay)
    const alice = await aClient(relay)
    const bob = await aClient(relay)
    const queue = await aQueue(alice)
    for (let i = 0; i < BLOCKS; i++) {
      const noise =
        i % 3 === 0
          ? systemRandom.bytes(below(2_000))
          : encodeBatch([almostRight(mallory), almostRight(mallory)])
      mallory.sendContent(noise)
      if (i % 10 !== 0) continue
      expect(await bob.say(send(`${i}`), queue.sndId)).toEqual(ok)
      const message = await alice.message(queue)
      expect(bodyOf(message)).toBe(`${i}`)
      expect(await ack(alice, queue, message.msgId)).toEqual(ok)
    }
    expect(await mallory.say(PING)).toEqual({ type: 'PONG' })
    expect(mallory.events.length).toBeGreaterThanOrEqual(BLOCKS)
  })

  test('a connection that ends in the middle of everything leaves nothing behind', async () => {
    const relay = await aRelay()
    const alice = await aClient(relay)
    const queue = await aQueue(alice)
    using limit = deadline(systemClock, 20_000, undefined)
    for (let i = 0; i < 10; i++) {
      const half = await dialTls(relay.address, { signal: limit.signal, clock: systemClock })
      half.blocks.close()
      const gone = await aClient(relay)
      for (let j = 0; j < 5; j++)
        gone.sendContent(
          encodeBatch([gone.transmission({ command: send(`${i}.${j}`), entity: queue.sndId })]),
        )
      gone.close()
      await gone.untilClosed()
    }
    // What arrived before the end of its connection is delivered like anything else.
    const first = await alice.message(queue)
    let count = 1
    for (let answer = await ack(alice, queue, first.msgId); answer.type === 'MSG'; count++)
      answer = await ack(alice, queue, queue.open(answer).msgId)
    expect(count).toBeLessThanOrEqual(50)
    await alice.say(PING)
    const alone = (): void => expect(relay.stats()).toMatchObject({ connections: 1, subscriptions: 1 })
    await vi.waitFor(alone, { timeout: 20_000, interval: 20 })
  })
})
