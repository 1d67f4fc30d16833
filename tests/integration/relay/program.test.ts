import { describe, expect, test } from 'vitest'
import { aQueue } from './client.ts'
import { killLoop } from './kill-loop.ts'
import { spawnRelay, startRelay } from './program.ts'
import { aClient, aFolder } from './setup.ts'
import { webClient } from './web-client.ts'
import { PING } from './words.ts'

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
  /** `node tests/tools/relay-kill.ts` does the same for longer. */
  test('at random moments under load: every SEND, NEW and ACK that was answered holds', async () => {
    const args = ['--data', aFolder()]
    const figures = await killLoop(async () => {
      const relay = await startRelay(args)
      return {
        address: relay.address,
        async kill() {
          relay.child.kill('SIGKILL')
          await relay.ended
        },
      }
    }, 8)
    expect(figures.lives).toBe(8)
    expect(Math.min(figures.queues, figures.sent, figures.acknowledged)).toBeGreaterThan(0)
  })
})
