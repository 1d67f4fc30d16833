import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import { generateX25519, systemRandom } from '#core/crypto'
import type { Response } from '#core/protocol'
import { SecureBlocks, memoryPipe } from '#core/transport'
import { Connection } from '../../core/relay/connection.ts'
import { type RelayCore, makeCore, realisePush } from '../../core/relay/core.ts'
import { Engine } from '../../core/relay/engine.ts'
import { openRelayStore } from '../../core/relay/store/database.ts'
import {
  TestClient,
  type TestQueue,
  aQueue,
  cmdError,
  end,
  noMessage,
  ok,
  quotaError,
  sok,
} from '../integration/relay/client.ts'
import { GET, ack, bodyOf, send, subscribe } from '../integration/relay/words.ts'

/* The queue of smp.md 5.5 against a model of it: two connections, everything that they may do, in any order. */

const QUOTA = 2
const VERSION = 18

interface View {
  kind: 'SUB' | 'GET' | 'none'
  delivered: string | null
}
interface Model {
  fifo: string[]
  views: View[]
}
type Step =
  { readonly type: 'send' } | { readonly type: 'sub' | 'get' | 'ack' | 'reconnect'; readonly who: number }

const who = fc.constantFrom(0, 1)
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Step>({ type: 'send' }) },
    { weight: 5, arbitrary: fc.record({ type: fc.constantFrom('sub', 'get'), who }) as fc.Arbitrary<Step> },
    { weight: 5, arbitrary: fc.record({ type: fc.constant('ack' as const), who }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('reconnect' as const), who }) },
  ),
  { minLength: 5, maxLength: 40 },
)

/** What the relay should answer, and tell by itself to each of the two. */
interface Expected {
  readonly answer: string | null
  readonly events: readonly [string[], string[]]
}

function next(model: Model, step: Step, text: string): Expected {
  const events: [string[], string[]] = [[], []]
  const offer = (index: number): void => {
    const view = model.views[index]!
    if (view.kind !== 'SUB' || view.delivered !== null || model.fifo.length === 0) return
    view.delivered = model.fifo[0]!
    events[index]!.push(view.delivered)
  }
  if (step.type === 'send') {
    if (model.fifo.at(-1) === 'quota') return { answer: 'QUOTA', events }
    const full = model.fifo.length >= QUOTA
    model.fifo.push(full ? 'quota' : text)
    offer(0)
    offer(1)
    return { answer: full ? 'QUOTA' : 'OK', events }
  }
  const view = model.views[step.who]!
  const other = 1 - step.who
  switch (step.type) {
    case 'reconnect':
      model.views[step.who] = { kind: 'none', delivered: null }
      return { answer: null, events }
    case 'sub':
      if (view.kind === 'GET') return { answer: 'PROHIBITED', events }
      if (model.views[other]!.kind === 'SUB') {
        model.views[other] = { kind: 'none', delivered: null }
        events[other]!.push('END')
      }
      model.views[step.who] = { kind: 'SUB', delivered: null }
      offer(step.who)
      return { answer: 'SOK', events }
    case 'get':
      if (view.kind === 'SUB') return { answer: 'PROHIBITED', events }
      model.views[step.who] = { kind: 'GET', delivered: model.fifo[0] ?? null }
      return { answer: model.fifo[0] ?? 'OK', events }
    case 'ack': {
      if (view.delivered === null) return { answer: 'NO_MSG', events }
      if (model.fifo[0] === view.delivered) model.fifo.shift()
      view.delivered = view.kind === 'SUB' ? (model.fifo[0] ?? null) : null
      return { answer: view.delivered ?? 'OK', events }
    }
  }
}

test('a queue does what the model of smp.md 5.5 does, for any two connections', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const dir = mkdtempSync(join(tmpdir(), 'duplex-relay-model-'))
      const store = openRelayStore(join(dir, 'relay.db'), 0)
      const options = { clock: systemClock, random: systemRandom, log: silentLog, password: null }
      const core = makeCore(store, { ...options, limits: { quota: QUOTA } })
      const engine = new Engine(core)
      try {
        await follow(core, engine, run)
      } finally {
        engine.finish()
        store.close()
        rmSync(dir, { recursive: true, force: true })
      }
    }),
    { numRuns: 40 },
  )
})

async function follow(core: RelayCore, engine: Engine, run: readonly Step[]): Promise<void> {
  const clients = [connect(core, engine), connect(core, engine)]
  const sender = connect(core, engine)
  const queue = await aQueue(sender, { subscribe: false })
  const model: Model = { fifo: [], views: [0, 1].map(() => ({ kind: 'none' as const, delivered: null })) }
  const seen = new Map<string, Uint8Array>()
  for (const [i, step] of run.entries()) {
    const outstanding = step.type === 'ack' ? model.views[step.who]!.delivered : null
    // A marker is stored anew each time the queue is full.
    const expected = next(model, step, `text ${i}`)
    const answer = await act(step, i)
    if (expected.answer !== null) expect(answer && word(queue, answer, seen)).toBe(expected.answer)
    for (const [index, client] of clients.entries()) {
      const events = await client.settled()
      client.events.length = 0
      expect(events.map((event) => word(queue, event, seen))).toEqual(expected.events[index])
    }

    async function act(current: Step, at: number): Promise<Response | null> {
      if (current.type === 'send') return sender.say(send(`text ${at}`), queue.sndId)
      const client = clients[current.who]!
      switch (current.type) {
        case 'sub':
          return subscribe(client, queue)
        case 'get':
          return client.say(GET, queue.rcvId, queue.key.own)
        case 'ack':
          return ack(client, queue, (outstanding && seen.get(outstanding)) || systemRandom.bytes(24))
        case 'reconnect':
          client.close()
          await client.untilClosed()
          clients[current.who] = connect(core, engine)
          return null
      }
    }
  }
  for (const client of [...clients, sender]) client.close()
}

function connect(core: RelayCore, engine: Engine): TestClient {
  const [near, far] = memoryPipe()
  const sessionKey = generateX25519(systemRandom)
  const shared = { version: VERSION, sessionId: systemRandom.bytes(32) }
  const { clock, limits } = core
  const session = {
    ...shared,
    blocks: new SecureBlocks(far, null),
    sessionKey,
    clientKey: null,
    proxy: false,
  }
  engine.add(
    new Connection(session, { clock, limits, tally: core.tally, realise: (push) => realisePush(core, push) }),
  )
  const keys = { serverKey: sessionKey.publicKey, secret: new Uint8Array(32) }
  return new TestClient({ ...shared, blocks: new SecureBlocks(near, null), ...keys })
}

/** The answer as the model names it; remembers the id under which a message came. */
function word(queue: TestQueue, response: Response, seen: Map<string, Uint8Array>): string {
  if (response.type === 'MSG') {
    const message = queue.open(response)
    const text = bodyOf(message)
    seen.set(text, message.msgId)
    return text
  }
  const named: readonly [string, Response][] = [
    ['OK', ok],
    ['SOK', sok],
    ['END', end],
    ['QUOTA', quotaError],
    ['NO_MSG', noMessage],
    ['PROHIBITED', cmdError('PROHIBITED')],
  ]
  return named.find(([, each]) => JSON.stringify(each) === JSON.stringify(response))?.[0] ?? response.type
}
