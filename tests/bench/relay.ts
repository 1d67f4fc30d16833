import { existsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { cryptoReady } from '#core/crypto'
import { BenchClient } from './client.ts'
import { EchoClient } from './echo-client.ts'
import { fillStore } from './fill.ts'
import {
  type Latency,
  type Rate,
  echoLatency,
  echoRate,
  idleConnections,
  memoryOf,
  messageLatency,
  messageRate,
  resubscribe,
} from './measure.ts'
import { Samples, machine } from './samples.ts'
import { type BenchServer, aFolder, startBenchRelay, startEcho } from './servers.ts'

/*
 * The relay that operators run, in a process of its own, beside a bare TLS echo in another. Every run takes all of them in
 * turns, and what counts are medians. "durable": data on the disk; "memory": on a memory disk, the same code without waiting.
 */

const FULL = {
  runs: 7,
  messages: 5_000,
  connections: '1,10,50,100,1000',
  idle: 2_000,
  queues: 100_000,
  stored: 1_000_000,
  subscribe: 10_000,
  latency: 2_000,
}
const SMALL: typeof FULL = {
  ...FULL,
  runs: 1,
  messages: 200,
  connections: '1,10',
  idle: 60,
  queues: 2_000,
  stored: 2_000,
  subscribe: 500,
  latency: 100,
}
type Sizes = typeof FULL
/** Echoes that a message costs at least: five blocks, where an echo has two. goals.md P4 */
const ECHOES = 2.5
/** The memory of an idle queue is a slope: from a tenth of the queues to all of them. */
const FEW = 10
/** How many times as many queues are subscribed to for the memory of one. */
const SLOPE = 9
const MEMORY_DISK = '/dev/shm'

export async function benchRelay(args: string[]): Promise<void> {
  const { sizes, json } = readSizes(args)
  await cryptoReady()
  const samples = new Samples()
  const started = new Date().toISOString()
  for (let run = 0; run < sizes.runs; run++) {
    console.error(`run ${run + 1} of ${sizes.runs}`)
    await oneRun(sizes, samples)
  }
  const goals = ratios(sizes, samples)
  const result = { bench: 'relay', started, machine: machine(), sizes, rows: samples.rows(), goals }
  console.log(
    Object.entries(result.machine)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', '),
  )
  console.log(samples.table())
  console.log(goals.map(({ goal, value, bar }) => `${goal}: ${value.toPrecision(3)} (bar ${bar})`).join('\n'))
  if (json) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`)
}

function readSizes(args: string[]): { sizes: Sizes; json: string | undefined } {
  const names = Object.keys(FULL) as (keyof Sizes)[]
  const options = Object.fromEntries([...names, 'json'].map((name) => [name, { type: 'string' as const }]))
  const { values } = parseArgs({ args, options: { ...options, small: { type: 'boolean' } } })
  const given = values as Record<string, string | undefined>
  const sizes = { ...(values['small'] === true ? SMALL : FULL) }
  for (const name of names) {
    const value = given[name]
    if (value === undefined) continue
    if (name === 'connections') sizes.connections = value
    else sizes[name] = Number(value)
  }
  return { sizes, json: given['json'] }
}

async function oneRun(sizes: Sizes, samples: Samples): Promise<void> {
  const folders = { durable: tmpdir(), ...(existsSync(MEMORY_DISK) ? { memory: MEMORY_DISK } : {}) }
  await using echo = stopping(await startEcho())
  await echoRate(echo, 10, sizes.messages)
  for (const count of sizes.connections.split(',').map(Number))
    addRate(samples, `echo, ${count} connections`, await echoRate(echo, count, sizes.messages * ECHOES))
  addLatency(samples, 'echo', await echoLatency(echo, sizes.latency))
  for (const [kind, parent] of Object.entries(folders)) {
    await withRelay(parent, async (relay) => {
      // Code that runs often is compiled by then, as in a relay that has run for a while.
      await messageRate(relay, 10, sizes.messages / 2)
      for (const count of sizes.connections.split(',').map(Number))
        addRate(samples, `${kind}, ${count} connections`, await messageRate(relay, count, sizes.messages))
      addLatency(samples, kind, await messageLatency(relay, sizes.latency))
    })
  }
  await idle(sizes, samples)
  await queuesAndRestart(sizes, samples)
}

/** Each in a process that has done nothing before: one that has served a thousand connections has room for the next ones. */
async function idle(sizes: Sizes, samples: Samples): Promise<void> {
  const measured = async (name: string, server: BenchServer, connect: () => Promise<{ close(): void }>) =>
    addIdle(samples, name, await idleConnections(server, sizes.idle, connect))
  const withEcho = async (name: string, connect: (echo: BenchServer) => Promise<EchoClient>) => {
    await using echo = stopping(await startEcho())
    await measured(name, echo, () => connect(echo))
  }
  await withEcho('echo', ({ address }) => EchoClient.connect(address))
  await withEcho('echo, one block', oneBlock)
  await withRelay(tmpdir(), (relay) => measured('relay', relay, () => BenchClient.connect(relay.address)))
}

/** A connection of this protocol has carried a block each way before it is idle, and Node keeps the room for the next. */
async function oneBlock(echo: BenchServer): Promise<EchoClient> {
  const client = await EchoClient.connect(echo.address)
  await client.echo()
  return client
}

/** What a queue costs that nobody listens to, and how soon a relay with many is there again. */
async function queuesAndRestart(sizes: Sizes, samples: Samples): Promise<void> {
  const { queues, stored, subscribe } = sizes
  await withRelay(tmpdir(), async (_relay, ms) => samples.add('start, empty', 'ms', ms))
  const few = Math.ceil(queues / FEW)
  const withFew = await memoryWith(few, Math.ceil(stored / FEW))
  const folder = aFolder(tmpdir())
  try {
    const count = Math.min(subscribe, Math.floor(queues / 2))
    const filled = fillStore(folder.path, queues, stored, Math.min(count * SLOPE, queues))
    const started = performance.now()
    const relay = await startBenchRelay(folder.path)
    samples.add(`start, ${queues} queues, ${stored} messages`, 'ms', performance.now() - started)
    try {
      samples.add('memory per idle queue', 'bytes', ((await memoryOf(relay)) - withFew) / (queues - few))
      const again = await resubscribe(relay, filled, count)
      samples.add(`subscribe ${count} queues again (${again.blocks} blocks)`, 'ms', again.ms)
      samples.add(`subscribe ${count} queues again: processor`, 'us each', again.cpu)
      samples.add('memory per subscribed queue', 'bytes', again.bytes)
    } finally {
      await relay.stop()
    }
  } finally {
    folder.remove()
  }
}

/** Of a relay that has just come up with so many queues. */
async function memoryWith(queues: number, stored: number): Promise<number> {
  const folder = aFolder(tmpdir())
  try {
    fillStore(folder.path, queues, stored, 0)
    const relay = await startBenchRelay(folder.path)
    try {
      return await memoryOf(relay)
    } finally {
      await relay.stop()
    }
  } finally {
    folder.remove()
  }
}

async function withRelay(
  parent: string,
  work: (relay: BenchServer, startMs: number) => Promise<void>,
): Promise<void> {
  const folder = aFolder(parent)
  try {
    const started = performance.now()
    const relay = await startBenchRelay(folder.path)
    try {
      await work(relay, performance.now() - started)
    } finally {
      await relay.stop()
    }
  } finally {
    folder.remove()
  }
}

function stopping(server: BenchServer): BenchServer & AsyncDisposable {
  return { ...server, [Symbol.asyncDispose]: () => server.stop() }
}

function addRate(samples: Samples, name: string, rate: Rate): void {
  samples.add(`${name}: rate`, '1/s', rate.perSecond)
  samples.add(`${name}: processor`, 'us each', rate.cpu)
}

function addLatency(samples: Samples, name: string, latency: Latency): void {
  samples.add(`${name}: latency p50`, 'ms', latency.p50)
  samples.add(`${name}: latency p99`, 'ms', latency.p99)
}

function addIdle(samples: Samples, name: string, idle: { bytes: number; cpu: number }): void {
  samples.add(`${name}: memory per idle connection`, 'bytes', idle.bytes)
  samples.add(`${name}: processor per handshake`, 'us', idle.cpu)
}

interface Goal {
  readonly goal: string
  readonly value: number
  readonly bar: string
}

/** goals.md P4, P5, P6 */
function ratios(sizes: Sizes, samples: Samples): Goal[] {
  const goals: (Goal | null)[] = []
  const ratio = (goal: string, bar: string, over: string, under: string, factor = 1): void => {
    const [a, b] = [samples.median(over), samples.median(under)]
    goals.push(a === null || b === null ? null : { goal, bar, value: (a / b) * factor })
  }
  for (const count of sizes.connections.split(','))
    for (const kind of ['durable', 'memory']) {
      const [relay, echo] = [`${kind}, ${count} connections`, `echo, ${count} connections`]
      ratio(`P4 ${relay}: rate against the echo's`, '>= 0.45', `${relay}: rate`, `${echo}: rate`, ECHOES)
      ratio(
        `P4 ${relay}: processor against the echo's`,
        '>= 0.45',
        `${echo}: processor`,
        `${relay}: processor`,
        ECHOES,
      )
    }
  const per = 'memory per idle connection'
  ratio('P6 memory of an idle connection', '<= 1.2', `relay: ${per}`, `echo: ${per}`)
  const handshake = 'processor per handshake'
  ratio('P6 processor of a handshake', '<= 1.2', `relay: ${handshake}`, `echo: ${handshake}`)
  const block = 'echo, one block'
  ratio('P6 memory, against TLS that has carried a block', '(<= 1.2)', `relay: ${per}`, `${block}: ${per}`)
  ratio('P6 handshake, against TLS and a block', '(<= 1.2)', `relay: ${handshake}`, `${block}: ${handshake}`)
  const value = (goal: string, bar: string, name: string): void => {
    const median = samples.median(name)
    if (median !== null) goals.push({ goal, bar, value: median })
  }
  value('P5 bytes of an idle queue', '<= 16', 'memory per idle queue')
  value('P5 bytes of a subscribed queue', '<= 400', 'memory per subscribed queue')
  return goals.filter((goal) => goal !== null)
}
