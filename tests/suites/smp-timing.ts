import { expect } from 'vitest'
import { systemRandom } from '#core/crypto'
import { type Command, authorize, bytesForAuth, encodeBody, encodeCommand } from '#core/protocol'
import {
  KEY_KINDS,
  type KeyKind,
  type TestClient,
  type TestKey,
  aKey,
  authError,
} from '../integration/relay/client.ts'
import { SUB, send } from '../integration/relay/words.ts'
import type { Lines, Stage } from './smp-server.ts'

/** What upstream's own test allows. smp.md 10 */
const TOLERANCE = 0.3
const ROUNDS = 60
/** A busy machine may spoil one measurement; a difference that is there is there every time. */
const ATTEMPTS = 5

export function timingLines({ line }: Lines): void {
  line(
    'AUTH takes as long for a wrong key as for no queue, for every pair of kinds of keys',
    async (stage) => {
      const client = await stage.client()
      for (const queueKind of KEY_KINDS)
        for (const usedKind of KEY_KINDS)
          for (const word of ['SUB', 'SEND'] as const) {
            const ratio = await ratioOf(stage, client, queueKind, usedKind, word)
            expect(
              Math.abs(ratio - 1),
              `${word}, a queue of ${queueKind}, asked with ${usedKind}`,
            ).toBeLessThan(TOLERANCE)
          }
    },
  )
}

async function ratioOf(
  stage: Stage,
  client: TestClient,
  queueKind: KeyKind,
  usedKind: KeyKind,
  word: 'SUB' | 'SEND',
): Promise<number> {
  const queue = await stage.queue(client, { kind: queueKind, subscribe: false })
  const sender = aKey(queueKind)
  await client.say({ type: 'KEY', sndKey: sender.public }, queue.rcvId, queue.key.own)
  const stranger = aKey(usedKind)
  const [command, known] = word === 'SUB' ? [SUB, queue.rcvId] : [send('x'), queue.sndId]
  let best = Infinity
  for (let i = 0; i < ATTEMPTS && !(Math.abs(best - 1) < TOLERANCE / 2); i++) {
    const ratio = await measured(client, command, known, stranger)
    if (Math.abs(ratio - 1) < Math.abs(best - 1)) best = ratio
  }
  return best
}

/** In turn, and in both orders, so that whatever else the machine does weighs on both. */
async function measured(
  client: TestClient,
  command: Command,
  known: Uint8Array,
  key: TestKey,
): Promise<number> {
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  for (let i = 0; i < ROUNDS; i++)
    for (const which of i % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
      const entity = which === 'known' ? known : systemRandom.bytes(24)
      times[which].push(await timeOf(client, command, entity, key))
    }
  return undisturbed(times.known) / undisturbed(times.unknown)
}

/** Of the answer alone: what it takes to sign is done before. */
async function timeOf(
  client: TestClient,
  command: Command,
  entity: Uint8Array,
  key: TestKey,
): Promise<number> {
  const { version, sessionId, serverKey } = client.session
  const corrId = systemRandom.bytes(24)
  const body = encodeBody({ corrId, entityId: entity, command: encodeCommand(command, version) })
  const auth = authorize(key.own, serverKey, corrId, bytesForAuth(sessionId, body))
  const started = performance.now()
  const { response } = await client.ask({ command, entity, corrId, auth })
  const took = performance.now() - started
  expect(response).toEqual(authError)
  return took
}

/** What it takes when nobody is in the way: the rest of the machine only ever adds. */
function undisturbed(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 3]!
}
