import { sayUsage } from './usage.ts'
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { constants, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

/**
 * `node tests/tools/relay-storm.ts [SECONDS] [--attackers N] [--at-once N] [--only NAME] [--rude]`: a relay, a pair that
 * talks, and strangers who attack it, each in processes of their own. First without the storm, then with it, then after.
 * The attackers would have machines of their own: they run at the lowest priority, unless `--rude`.
 */

sayUsage(
  'usage: node tests/tools/relay-storm.ts [SECONDS] [--attackers N] [--at-once N] [--only NAME] [--rude]',
)
const { values, positionals } = parseArgs({
  options: {
    attackers: { type: 'string', default: '2' },
    'at-once': { type: 'string', default: '12' },
    only: { type: 'string', multiple: true, default: [] },
    rude: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const SECONDS = Number(positionals[0] ?? 600)
/** Before and after, s. */
const CALM = Math.min(15, Math.max(5, SECONDS / 6))
/** The first part warms up: what is allocated once and kept is no growth. */
const WARM_UP = 0.3
const here = (file: string): string => join(import.meta.dirname, file)

type Phase = 'before' | 'storm' | 'after'
interface Sample {
  readonly at: number
  readonly resident: number
  readonly heap: number
  readonly handles: number
  readonly connections: number
  readonly loopDelay: number
}

let phase: Phase = 'before'
const messages: Record<Phase, number[]> = { before: [], storm: [], after: [] }
const arrivals: Record<Phase, (number | null)[]> = { before: [], storm: [], after: [] }
const samples: Sample[] = []
const attacked = new Map<ChildProcess, Record<string, number>>()

async function startRelay(dataDir: string) {
  const args = ['--data', dataDir, '--metrics-port', '0', '--log-level', 'warn']
  const child = spawn(process.execPath, [here('../../main/relay.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { data } = JSON.parse(line.toString()) as { data: { address: string; metrics: string } }
  return { child, ...data }
}

async function startPair(address: string): Promise<ChildProcess> {
  const pair = fork(here('storm/pair.ts'), [address])
  await new Promise<void>((resolve) => {
    pair.on('message', (said: { ready?: true; message?: number; arrival?: number | null }) => {
      if (said.ready) resolve()
      if (said.message !== undefined) messages[phase].push(said.message)
      if (said.arrival !== undefined) arrivals[phase].push(said.arrival)
    })
  })
  return pair
}

function startAttacker(address: string): ChildProcess {
  const attacker = fork(here('storm/attacker.ts'), [address, values['at-once'], ...values.only])
  if (!values.rude) setPriority(attacker.pid!, constants.priority.PRIORITY_LOW)
  attacker.on('message', ({ counts }: { counts: Record<string, number> }) => attacked.set(attacker, counts))
  return attacker
}

async function sample(pid: number, metrics: string): Promise<void> {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  const handles = readdirSync(`/proc/${pid}/fd`).length
  const text = await (await fetch(metrics)).text()
  const figure = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
  samples.push({
    at: performance.now() / 1_000,
    resident: (pages * 4_096) / 1024 / 1024,
    heap: figure('nodejs_heap_used_bytes') / 1024 / 1024,
    handles,
    connections: figure('duplex_relay_connections'),
    loopDelay: figure('duplex_relay_event_loop_delay_p99_seconds') * 1_000,
  })
}

/** Per minute, by least squares. */
function slope(of: (each: Sample) => number, all: readonly Sample[]): number {
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const [x, y] = [mean(all.map(({ at }) => at)), mean(all.map(of))]
  const up = all.reduce((sum, each) => sum + (each.at - x) * (of(each) - y), 0)
  return (60 * up) / all.reduce((sum, { at }) => sum + (at - x) ** 2, 0)
}

function spread(all: readonly number[]): string {
  if (all.length === 0) return 'none'
  const sorted = all.toSorted((a, b) => a - b)
  const at = (part: number): string =>
    `${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!.toFixed(1)} ms`
  return `${all.length}, p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`
}

function report(storm: readonly Sample[], crashed: boolean): void {
  const total: Record<string, number> = {}
  for (const counts of attacked.values())
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count
  console.log(`${SECONDS} s, ${values.attackers} processes with ${values['at-once']} attacks at once each`)
  console.log(`attacks: ${JSON.stringify(total)}`)
  for (const each of ['before', 'storm', 'after'] as const) {
    const came = arrivals[each].filter((took) => took !== null)
    console.log(`${each.padEnd(6)} messages of the pair: ${spread(messages[each])}`)
    console.log(`       newcomers: ${spread(came)}; refused ${arrivals[each].length - came.length}`)
  }
  const warm = storm.slice(Math.floor(storm.length * WARM_UP))
  const line = (name: string, of: (each: Sample) => number): void => {
    const values_ = warm.map(of)
    console.log(
      `${name}: ${of(warm[0]!).toFixed(0)} warmed up, at most ${Math.max(...values_).toFixed(0)}, ` +
        `${of(samples.at(-1)!).toFixed(0)} at the end, growth ${slope(of, warm).toFixed(2)} a minute`,
    )
  }
  line('memory of the relay, MiB', ({ resident }) => resident)
  line('its heap, MiB', ({ heap }) => heap)
  line('its open files', ({ handles }) => handles)
  line('its connections', ({ connections }) => connections)
  line('its event loop late (p99), ms', ({ loopDelay }) => loopDelay)
  console.log(crashed ? 'THE RELAY CRASHED' : 'the relay never ended')
}

const dataDir = mkdtempSync(join(tmpdir(), 'duplex-storm-'))
const relay = await startRelay(dataDir)
let crashed = false
relay.child.on('exit', () => (crashed = true))
const pair = await startPair(relay.address)
let broken = false
pair.on('exit', () => (broken = true))
const sampling = setInterval(() => void sample(relay.child.pid!, relay.metrics).catch(() => {}), 1_000)
try {
  await sleep(CALM * 1_000)
  phase = 'storm'
  const began = samples.length
  const attackers = Array.from({ length: Number(values.attackers) }, () => startAttacker(relay.address))
  for (const end = performance.now() + SECONDS * 1_000; performance.now() < end && !crashed && !broken;)
    await sleep(500)
  const storm = samples.slice(began)
  for (const attacker of attackers) attacker.kill('SIGKILL')
  phase = 'after'
  await sleep(CALM * 1_000)
  report(storm, crashed)
  if (broken) console.log('THE PAIR WAS BROKEN')
  if (crashed || broken) process.exitCode = 1
} finally {
  clearInterval(sampling)
  pair.kill()
  relay.child.removeAllListeners('exit')
  relay.child.stdin.end()
  await once(relay.child, 'close')
  rmSync(dataDir, { recursive: true, force: true })
}
