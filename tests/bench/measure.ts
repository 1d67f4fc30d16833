import { type BenchClient as Client, BenchClient, type BenchQueue, makeQueue } from './client.ts'
import { EchoClient } from './echo-client.ts'
import type { Filled } from './fill.ts'
import { quantile } from './samples.ts'
import type { BenchServer, Usage } from './servers.ts'

/** Things in flight over all connections: enough to keep a server busy, few enough to be answered at once. */
const IN_FLIGHT = 32
/** Largest body that version 18 takes. smp.md 5.5 */
const BODY = new Uint8Array(16_000).fill(7)

export interface Rate {
  readonly perSecond: number
  /** Processor time of the server for each, microseconds. */
  readonly cpu: number
}

/** `total` messages: SEND, OK, MSG, ACK, OK. Each connection owns queues that its neighbour sends to. */
export async function messageRate(server: BenchServer, connections: number, total: number): Promise<Rate> {
  const clients = await connectAll(connections, () => BenchClient.connect(server.address))
  const lanes: { queue: BenchQueue; recipient: Client; sender: Client }[] = []
  for (let lane = 0; lane < Math.max(IN_FLIGHT, connections); lane++) {
    const recipient = clients[lane % connections]!
    const sender = clients[(lane + 1) % connections]!
    lanes.push({ queue: await makeQueue(recipient, sender), recipient, sender })
  }
  let left = total
  const rate = await timed(server, total, () =>
    Promise.all(
      lanes.map(async ({ queue, recipient, sender }) => {
        while (left-- > 0) await passMessage(queue, recipient, sender)
      }),
    ),
  )
  for (const client of clients) client.close()
  return rate
}

/** The same number of echoes in flight, over as many connections. */
export async function echoRate(server: BenchServer, connections: number, total: number): Promise<Rate> {
  const clients = await connectAll(connections, () => EchoClient.connect(server.address))
  let left = total
  const rate = await timed(server, total, () =>
    Promise.all(
      Array.from({ length: Math.max(IN_FLIGHT, connections) }, async (_, lane) => {
        while (left-- > 0) await clients[lane % connections]!.echo()
      }),
    ),
  )
  for (const client of clients) client.close()
  return rate
}

export interface Latency {
  readonly p50: number
  readonly p99: number
}

/** From SEND to MSG, one at a time, milliseconds. */
export async function messageLatency(server: BenchServer, count: number): Promise<Latency> {
  const [recipient, sender] = [
    await BenchClient.connect(server.address),
    await BenchClient.connect(server.address),
  ]
  const queue = await makeQueue(recipient, sender)
  const times: number[] = []
  for (let n = 0; n < count; n++) times.push(await passMessage(queue, recipient, sender))
  recipient.close()
  sender.close()
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

export async function echoLatency(server: BenchServer, count: number): Promise<Latency> {
  const client = await EchoClient.connect(server.address)
  const times: number[] = []
  for (let n = 0; n < count; n++) {
    const started = performance.now()
    await client.echo()
    times.push(performance.now() - started)
  }
  client.close()
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

/** Bytes of memory and microseconds of processor for each of `count` connections that say nothing after the handshake. */
export async function idleConnections(
  server: BenchServer,
  count: number,
  connect: () => Promise<{ close(): void }>,
): Promise<{ bytes: number; cpu: number }> {
  // What the first ones cost is the start of the program, not theirs.
  const warm = await connectAll(Math.ceil(count / 4), connect)
  const before = await memoryOf(server)
  const idle = await server.usage()
  const clients = await connectAll(count, connect)
  const busy = await server.usage()
  const after = await memoryOf(server)
  for (const client of [...warm, ...clients]) client.close()
  return { bytes: (after - before) / count, cpu: ((busy.cpu - idle.cpu) / count) * 1e6 }
}

/**
 * Milliseconds from the first block to the last answer for the first `count` queues, signing not counted; and bytes that
 * each of the last half takes. Before that the room is filled in which commands are carried out, and the database's cache.
 */
export async function resubscribe(
  server: BenchServer,
  filled: Filled,
  count: number,
): Promise<{ ms: number; cpu: number; bytes: number; blocks: number }> {
  const { rcvIds } = filled
  const client = await BenchClient.connect(server.address)
  const before = await settled(server)
  const first = await subscribe(client, rcvIds.slice(0, count), filled)
  const after = await settled(server)
  const half = Math.ceil(rcvIds.length / 2)
  const subscribeFrom = async (start: number, end: number): Promise<void> => {
    for (let from = start; from < end; from += count)
      await subscribe(client, rcvIds.slice(from, Math.min(from + count, end)), filled)
  }
  await subscribeFrom(count, half)
  const memory = await memoryOf(server)
  await subscribeFrom(half, rcvIds.length)
  const bytes = ((await memoryOf(server)) - memory) / (rcvIds.length - half)
  client.close()
  return { ...first, cpu: ((after.cpu - before.cpu) / count) * 1e6, bytes }
}

async function subscribe(client: Client, rcvIds: readonly Uint8Array[], { rcvKey }: Filled) {
  const asked = rcvIds.map((rcvId) => client.prepare(rcvId, { type: 'SUB' }, rcvKey))
  const started = performance.now()
  const blocks = client.sendAll(asked.map(({ transmission }) => transmission))
  const answers = await Promise.all(asked.map(({ answer }) => answer))
  const ms = performance.now() - started
  const refused = answers.find(({ type }) => type !== 'OK' && type !== 'SOK')
  if (refused) throw new Error(`a queue was not subscribed: ${JSON.stringify(refused)}`)
  return { ms, blocks }
}

/** Returns the milliseconds from SEND to MSG. */
async function passMessage(queue: BenchQueue, recipient: Client, sender: Client): Promise<number> {
  const arrived = recipient.message(queue.rcvId)
  const started = performance.now()
  const sent = sender.request(queue.sndId, { type: 'SEND', notify: false, body: BODY }, queue.sndKey)
  const msgId = await arrived
  const took = performance.now() - started
  const taken = recipient.request(queue.rcvId, { type: 'ACK', msgId }, queue.rcvKey)
  const answers = await Promise.all([sent, taken])
  if (answers.some(({ type }) => type !== 'OK')) throw new Error(`not passed: ${JSON.stringify(answers)}`)
  return took
}

async function timed(server: BenchServer, total: number, work: () => Promise<unknown>): Promise<Rate> {
  const before = await server.usage()
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1_000
  const after = await server.usage()
  return { perSecond: total / seconds, cpu: ((after.cpu - before.cpu) / total) * 1e6 }
}

/** A few at a time, as a relay that comes back meets them. */
async function connectAll<T>(count: number, connect: () => Promise<T>): Promise<T[]> {
  const made: T[] = []
  while (made.length < count)
    made.push(...(await Promise.all(Array.from({ length: Math.min(16, count - made.length) }, connect))))
  return made
}

/** Resident, without garbage. */
export async function memoryOf(server: BenchServer): Promise<number> {
  server.collect()
  await settled(server)
  server.collect()
  return (await settled(server)).rss
}

/** When the server has nothing left to do: two looks in a row find its processor idle. */
async function settled(server: BenchServer): Promise<Usage> {
  let last = await server.usage()
  for (let look = 0; look < 50; look++) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    const now = await server.usage()
    if (now.cpu - last.cpu < 0.02) return now
    last = now
  }
  return last
}
