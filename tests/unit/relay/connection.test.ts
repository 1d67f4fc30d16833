import { describe, expect, test } from 'vitest'
import { EMPTY, systemClock } from '#core/base'
import { type KeyPair, cryptoReady, generateX25519, systemRandom } from '#core/crypto'
import { DEFAULT_LIMITS, type RelayLimits } from '#core/relay'
import { type Blocks, SecureBlocks, type TransportError } from '#core/transport'
import { Connection } from '../../../core/relay/connection.ts'
import { Tally } from '../../../core/relay/tally.ts'

await cryptoReady()

/** A peer that takes nothing until it is told to. */
class StuckBlocks implements Blocks {
  readonly partialSince = null
  waiting = 0
  reason: TransportError | null = null
  paused = false
  readonly #taken = Promise.withResolvers<void>()

  send(block: Uint8Array): Promise<void> {
    this.waiting += block.length
    return this.#taken.promise
  }

  take(): void {
    this.waiting = 0
    this.#taken.resolve()
  }

  close(reason?: TransportError): void {
    this.reason = reason ?? null
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  onBlock(): void {}
  onClose(): void {}
}

function aConnection(limits: Partial<RelayLimits>) {
  const blocks = new StuckBlocks()
  const sessionKey: KeyPair = generateX25519(systemRandom)
  const session = { version: 18, sessionId: EMPTY, sessionKey, clientKey: null, proxy: false }
  const connection = new Connection(
    { ...session, blocks: new SecureBlocks(blocks, null) },
    { clock: systemClock, limits: { ...DEFAULT_LIMITS, ...limits }, tally: new Tally(), realise: () => null },
  )
  return { connection, blocks }
}

const large = { corrId: EMPTY, entityId: EMPTY } as const
const answer = () => ({ ...large, response: { type: 'RRES', encrypted: new Uint8Array(16_000) } as const })

describe('memory of one connection', () => {
  test('blocks wait while answers do, and go on in order when there is room', async () => {
    const { connection, blocks } = aConnection({ outputPause: 40_000 })
    for (let i = 0; i < 10; i++) connection.answer(answer())
    connection.flush()
    expect(connection.choked).toBe(true)
    expect(blocks.paused).toBe(true)
    const went: number[] = []
    for (const i of [1, 2, 3]) connection.hold(() => went.push(i))
    expect(went).toEqual([])
    blocks.take()
    await expect.poll(() => went).toEqual([1, 2, 3])
    expect(connection.choked).toBe(false)
    expect(blocks.paused).toBe(false)
  })

  test('what others cause for a client that does not read ends it at the limit', () => {
    const { connection, blocks } = aConnection({ outputLimit: 100_000 })
    for (let i = 0; i < 20; i++) {
      connection.event(answer())
      connection.flush()
    }
    expect(blocks.reason?.code).toBe('transport.closed')
  })

  test('what was held for a connection that ended never goes on', async () => {
    const { connection, blocks } = aConnection({ outputPause: 1 })
    for (let i = 0; i < 10; i++) connection.answer(answer())
    connection.flush()
    let went = false
    connection.hold(() => (went = true))
    connection.ended()
    blocks.take()
    await Promise.resolve()
    expect(went).toBe(false)
  })
})
