import { setTimeout as sleep } from 'node:timers/promises'
import { toHex } from '#core/base'
import { systemRandom } from '#core/crypto'
import type { RelayAddress, Response } from '#core/protocol'
import { TestClient, type TestQueue, aQueue } from './client.ts'
import { ack, bodyOf, send, subscribe } from './words.ts'

/** A relay in a process of its own. */
export interface Victim {
  readonly address: RelayAddress
  kill(): Promise<void>
}

/** The relay said one thing and did another. */
class BrokenPromise extends Error {}

/** What a relay has promised about one queue: it was answered. */
class Ledger {
  readonly queue: TestQueue
  next = 0
  /** SENDs that were answered OK, in order. */
  readonly stored: number[] = []
  readonly acknowledged = new Set<number>()
  /** Its ACK had no answer: it may come once more or not. */
  unsure: number | null = null
  readonly #ids = new Map<number, string>()
  #oldest = 0

  constructor(queue: TestQueue) {
    this.queue = queue
  }

  /** Throws when a promise is broken. */
  delivered(number: number, msgId: Uint8Array): void {
    const what = `message ${number}`
    if (this.acknowledged.has(number))
      throw new BrokenPromise(`${what} comes again after its ACK was answered`)
    const known = this.#ids.get(number)
    if (known !== undefined && known !== toHex(msgId)) throw new BrokenPromise(`${what} is there twice`)
    this.#ids.set(number, toHex(msgId))
    this.#allBefore(number)
  }

  /** Nothing that was answered is missing below `number`. */
  #allBefore(number: number): void {
    for (; this.#oldest < this.stored.length && this.stored[this.#oldest]! < number; this.#oldest++) {
      const each = this.stored[this.#oldest]!
      if (!this.acknowledged.has(each) && each !== this.unsure)
        throw new BrokenPromise(`message ${each} is lost`)
    }
  }

  drained(): void {
    this.#allBefore(Infinity)
  }
}

export interface KillFigures {
  lives: number
  queues: number
  sent: number
  acknowledged: number
}

/** Longest time that a relay is let live under load, ms. */
const LIFE = 600
/** Queues that have traffic in one life; new ones come on top. */
const BUSY = 6
const NEW_QUEUES = 3

const below = (limit: number): number => new DataView(systemRandom.bytes(4).buffer).getUint32(0) % limit

/** Kills a relay at random moments under load, `lives` times, and throws when something that it answered is not so. */
export async function killLoop(start: () => Promise<Victim>, lives: number): Promise<KillFigures> {
  const ledgers: Ledger[] = []
  for (let life = 0; life < lives; life++) {
    const victim = await start()
    const load = underLoad(victim.address, ledgers)
    await sleep(20 + below(LIFE))
    await victim.kill()
    await load
  }
  const last = await start()
  try {
    for (const ledger of ledgers) await drain(last.address, ledger)
  } finally {
    await last.kill()
  }
  return {
    lives,
    queues: ledgers.length,
    sent: ledgers.reduce((sum, { stored }) => sum + stored.length, 0),
    acknowledged: ledgers.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0),
  }
}

/** Resolves when the relay is gone; rejects when it did not keep a promise. */
async function underLoad(address: RelayAddress, ledgers: Ledger[]): Promise<void> {
  const busy = Array.from({ length: Math.min(BUSY, ledgers.length) }, () => ledgers[below(ledgers.length)]!)
  const work = [
    untilGone(address, (client) => makeQueues(client, ledgers)),
    ...[...new Set(busy)].flatMap((ledger) => [
      untilGone(address, (client) => sendTo(client, ledger)),
      // Some have nobody who reads, so that messages wait over several lives.
      ...(below(3) > 0 ? [untilGone(address, (client) => readFrom(client, ledger))] : []),
    ]),
  ]
  await Promise.all(work)
}

/** The connection ends with the relay; whatever else goes wrong is a broken promise. */
async function untilGone(address: RelayAddress, act: (client: TestClient) => Promise<void>): Promise<void> {
  const client = await TestClient.connect(address).catch(() => null)
  if (!client) return
  try {
    await act(client)
  } catch (error) {
    if (error instanceof BrokenPromise) throw error
    await client.untilClosed()
  } finally {
    client.close()
  }
}

async function makeQueues(client: TestClient, ledgers: Ledger[]): Promise<void> {
  for (let i = 0; i < NEW_QUEUES; i++) ledgers.push(new Ledger(await aQueue(client, { subscribe: false })))
}

async function sendTo(client: TestClient, ledger: Ledger): Promise<void> {
  for (;;) {
    const number = ledger.next++
    const answer = await client.say(send(String(number)), ledger.queue.sndId)
    if (answer.type === 'OK') ledger.stored.push(number)
    else if (answer.type === 'ERR' && answer.error.type === 'QUOTA') return
    else throw told(answer)
  }
}

async function readFrom(client: TestClient, ledger: Ledger): Promise<void> {
  const { queue } = ledger
  const answer = await subscribe(client, queue)
  if (answer.type !== 'SOK') throw told(answer)
  for (;;) {
    let message: ReturnType<TestQueue['open']> | null = await client.message(queue)
    while (message) message = await take(client, ledger, message)
  }
}

/** Acknowledges, and returns what the answer brings. */
async function take(client: TestClient, ledger: Ledger, message: ReturnType<TestQueue['open']>) {
  const number = message.type === 'message' ? Number(bodyOf(message)) : null
  if (number !== null) {
    ledger.delivered(number, message.msgId)
    ledger.unsure = number
  }
  const answer = await ack(client, ledger.queue, message.msgId)
  if (answer.type !== 'OK' && answer.type !== 'MSG') throw told(answer)
  if (number !== null) ledger.acknowledged.add(number)
  ledger.unsure = null
  return answer.type === 'MSG' ? ledger.queue.open(answer) : null
}

async function drain(address: RelayAddress, ledger: Ledger): Promise<void> {
  const client = await TestClient.connect(address)
  const { queue } = ledger
  for (;;) {
    const answer = await client.say({ type: 'GET' }, queue.rcvId, queue.key.own)
    if (answer.type === 'OK') break
    if (answer.type !== 'MSG') throw told(answer)
    await take(client, ledger, queue.open(answer))
  }
  ledger.drained()
  client.close()
}

const told = (answer: Response): BrokenPromise => new BrokenPromise(`it was told ${JSON.stringify(answer)}`)
