import { sayUsage } from './usage.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog, systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import { type Command, parseRelayAddress } from '#core/protocol'
import { createRelay } from '#core/relay'
import {
  KEY_KINDS,
  type KeyKind,
  TestClient,
  type TestKey,
  aKey,
  aQueue,
} from '../integration/relay/client.ts'

/**
 * `node tests/tools/auth-timing.ts`: how long AUTH takes for a wrong key and for no queue at all, for every pair of the
 * queue's kind of key and the asker's. They should be alike, or the time tells which ids are queues. smp.md 10, Timing.
 * A figure to look at and no test: a busy machine would fail it. `DUPLEX_SMP_SERVER=smp://...` asks another server.
 */

sayUsage('usage: [ROUNDS=N] [DUPLEX_SMP_SERVER=smp://...] node tests/tools/auth-timing.ts')
const ROUNDS = Number(process.env['ROUNDS'] ?? 400)
/** What upstream's own test allows. smp.md 10 */
const TOLERANCE = 0.3

/** What it takes when nobody is in the way: the rest of the machine only ever adds. */
const undisturbed = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 3]!

async function timeOf(
  client: TestClient,
  command: Command,
  entity: Uint8Array,
  key: TestKey,
): Promise<number> {
  const started = performance.now()
  const answer = await client.say(command, entity, key.own)
  const took = performance.now() - started
  if (answer.type !== 'ERR' || answer.error.type !== 'AUTH') throw new Error(`not AUTH but ${answer.type}`)
  return took
}

async function compare(client: TestClient, queueKind: KeyKind, usedKind: KeyKind, word: 'SUB' | 'SEND') {
  const queue = await aQueue(client, { kind: queueKind, subscribe: false })
  const sender = aKey(queueKind)
  await client.say({ type: 'KEY', sndKey: sender.public }, queue.rcvId, queue.key.own)
  const stranger = aKey(usedKind)
  const command: Command =
    word === 'SUB' ? { type: 'SUB' } : { type: 'SEND', notify: false, body: new Uint8Array(9) }
  const known = word === 'SUB' ? queue.rcvId : queue.sndId
  const times = { known: [] as number[], unknown: [] as number[] }
  for (let i = 0; i < ROUNDS; i++) {
    // In turn, and in both orders, so that whatever else the machine does weighs on both.
    const first = i % 2 === 0
    const ask = async (isKnown: boolean): Promise<void> => {
      const entity = isKnown ? known : systemRandom.bytes(24)
      times[isKnown ? 'known' : 'unknown'].push(await timeOf(client, command, entity, stranger))
    }
    await ask(first)
    await ask(!first)
  }
  const [wrongKey, noQueue] = [undisturbed(times.known), undisturbed(times.unknown)]
  return { wrongKey, noQueue, ratio: wrongKey / noQueue }
}

async function measure(client: TestClient): Promise<void> {
  console.log('command  queue key  used key   wrong key   no queue   ratio')
  let worst = 0
  for (const word of ['SUB', 'SEND'] as const)
    for (const queueKind of KEY_KINDS)
      for (const usedKind of KEY_KINDS) {
        const { wrongKey, noQueue, ratio } = await compare(client, queueKind, usedKind, word)
        worst = Math.max(worst, Math.abs(ratio - 1))
        const ms = (value: number): string => `${value.toFixed(3)} ms`.padStart(10)
        console.log(
          `${word.padEnd(8)} ${queueKind.padEnd(10)} ${usedKind.padEnd(9)} ${ms(wrongKey)} ${ms(noQueue)}   ${ratio.toFixed(2)}`,
        )
      }
  console.log(`largest difference ${(100 * worst).toFixed(0)} %, upstream allows ${100 * TOLERANCE} %`)
}

async function ownRelay(dataDir: string) {
  const deps = { clock: systemClock, random: systemRandom, log: silentLog }
  return createRelay({ dataDir, host: '127.0.0.1', port: 0, password: null, ...deps })
}

const given = process.env['DUPLEX_SMP_SERVER']
const dataDir = mkdtempSync(join(tmpdir(), 'duplex-timing-'))
const relay = given === undefined ? await ownRelay(dataDir) : null
try {
  const client = await TestClient.connect(relay ? relay.address : parseRelayAddress(given!))
  await measure(client)
  client.close()
} finally {
  await relay?.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
