import { describe, expect, test } from 'vitest'
import { systemRandom } from '#core/crypto'
import { aQueue, ok, sok } from './client.ts'
import { type RelayProgram, spawnRelay, startRelay } from './program.ts'
import { aClient, aFolder } from './setup.ts'
import { webClient } from './web-client.ts'
import { PING, ack, bodyOf, send, subscribe } from './words.ts'

describe('api.md, Programs: relay', () => {
  test.each(['SIGINT', 'SIGTERM', 'end of stdin'] as const)(
    '%s stops it cleanly, with a client connected',
    async (how) => {
      const relay = await startRelay(['--data', aFolder()])
      const client = await aClient(relay)
      expect(await client.say(PING)).toEqual({ type: 'PONG' })
      const started = Date.now()
      if (how === 'end of stdin') relay.child.stdin!.end()
      else relay.child.kill(how)
      expect(await relay.ended).toBe(0)
      expect(Date.now() - started).toBeLessThan(5_000)
    },
  )

  test('without anybody at its stdin it keeps running', async () => {
    const relay = await startRelay(['--data', aFolder()], 'ignore')
    const client = await aClient(relay)
    expect(await client.say(PING)).toEqual({ type: 'PONG' })
  })

  test('a second process on the same folder exits with code 2 and says so', async () => {
    const dataDir = aFolder()
    const relay = await startRelay(['--data', dataDir])
    const second = spawnRelay(['--data', dataDir])
    expect(await second.ended).toBe(2)
    expect(second.stderr()).toMatch(/already running/)
    expect(second.stdout()).toBe('')
    expect(await (await aClient(relay)).say(PING)).toEqual({ type: 'PONG' })
  })

  test('arguments that make no sense are refused with the usage', async () => {
    for (const args of [[], ['--data', aFolder(), '--port', '70000'], ['--dta', 'x']]) {
      const refused = spawnRelay(args)
      expect(await refused.ended).toBe(64)
      expect(refused.stderr()).toMatch(/usage/)
    }
  })

  test('a password keeps strangers from making queues and stands in the printed address', async () => {
    const relay = await startRelay(['--data', aFolder(), '--password', 'sesame'])
    expect(relay.address.password).toBe('sesame')
    const client = await aClient(relay)
    await expect(aQueue(client)).rejects.toThrow('AUTH')
    await aQueue(client, { password: new TextEncoder().encode('sesame') })
    expect(relay.stderr()).not.toContain('sesame')
  })
})

test('smp.md 11: --ws-port and --wss-port open WebSocket doors whose URLs stand in relay.ready', async () => {
  const relay = await startRelay(['--data', aFolder(), '--ws-port', '0', '--wss-port', '0'])
  const { ws, wss } = (JSON.parse(relay.stdout()) as { data: { ws: string; wss: string } }).data
  for (const url of [ws, wss])
    expect(await (await webClient(url, relay.address)).say(PING)).toEqual({ type: 'PONG' })
  const half = spawnRelay(['--data', aFolder(), '--wss-port', '0', '--web-cert', 'x'])
  expect(await half.ended).toBe(64)
})

describe('kill -9', () => {
  test('every SEND that was answered OK is there exactly once, in order, at the same address', async () => {
    const dataDir = aFolder()
    const args = ['--data', dataDir]
    let relay = await startRelay(args)
    const owner = await aClient(relay)
    const queues = await Promise.all(Array.from({ length: 4 }, () => aQueue(owner, { subscribe: false })))
    const answered = queues.map((): string[] => [])
    const attempted = queues.map(() => 0)
    for (let life = 0; life < 4; life++) {
      await sendUntilKilled(relay, queues, answered, attempted)
      const again = await startRelay(args)
      expect(again.address).toEqual(relay.address)
      relay = again
    }
    const reader = await aClient(relay)
    for (const [i, queue] of queues.entries()) {
      const found = await drain(reader, queue)
      const expected = answered[i]!
      expect(expected.length).toBeGreaterThan(0)
      // A SEND whose answer was lost may be there too, once and in its place.
      expect(found.filter((text) => expected.includes(text))).toEqual(expected)
      expect(new Set(found).size).toBe(found.length)
      expect(found.map(Number)).toEqual(found.map(Number).toSorted((a, b) => a - b))
    }
  })
})

type Queue = Awaited<ReturnType<typeof aQueue>>

/** One connection for each queue, each sending as fast as it is answered; the process dies in the middle. */
async function sendUntilKilled(
  relay: RelayProgram,
  queues: Queue[],
  answered: string[][],
  attempted: number[],
) {
  const victim = 20 + (systemRandom.bytes(1)[0]! % 20)
  let count = 0
  await Promise.all(
    queues.map(async (queue, i) => {
      const client = await aClient(relay)
      try {
        for (;;) {
          const text = String(attempted[i]!++)
          const answer = await client.say(send(text), queue.sndId)
          if (answer.type !== 'OK') throw new Error(answer.type)
          answered[i]!.push(text)
          if (++count === victim) relay.child.kill('SIGKILL')
        }
      } catch {
        // Killed.
      }
    }),
  )
  expect(await relay.ended).toBe('SIGKILL')
}

async function drain(client: Awaited<ReturnType<typeof aClient>>, queue: Queue): Promise<string[]> {
  expect(await subscribe(client, queue)).toEqual(sok)
  let message = await client.message(queue)
  const found: string[] = []
  for (;;) {
    found.push(bodyOf(message))
    const response = await ack(client, queue, message.msgId)
    if (response.type === 'OK') {
      expect(response).toEqual(ok)
      return found
    }
    message = queue.open(response)
  }
}
