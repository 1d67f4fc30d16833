import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { systemRandom } from '#core/crypto'
import { type RelayAddress, encodeBatch, parseRelayAddress } from '#core/protocol'
import { TestClient, aKey, aQueue } from '../integration/relay/client.ts'

/**
 * `node tests/tools/relay-storm.ts [SECONDS]`: a relay of its own process under random bytes, cut TLS, random and replayed
 * blocks and hellos that never come, with a pair that talks beside it. Says how the pair fared and how memory went.
 */

const SECONDS = Number(process.argv[2] ?? 600)
/** An attack that gets stuck is left so. */
const ATTACK_TIME = 2_000
/** The first part warms up: what is allocated once and kept is no growth. */
const WARM_UP = 0.3

const below = (limit: number): number => new DataView(systemRandom.bytes(4).buffer).getUint32(0) % limit
const quiet = (socket: Socket): Socket => socket.on('error', () => {})

const attacks: readonly ((address: RelayAddress) => Promise<void>)[] = [
  async function randomBytesToTcp({ port }) {
    const socket = quiet(connect(Number(port), '127.0.0.1'))
    socket.write(systemRandom.bytes(below(20_000)))
    if (below(2) === 0) socket.destroy()
    else await Promise.race([once(socket, 'close'), once(socket, 'connect')]).catch(() => {})
    socket.resume()
  },
  async function cutTls({ port }) {
    const raw = quiet(connect(Number(port), '127.0.0.1'))
    const socket = quiet(connectTls({ socket: raw, ALPNProtocols: ['smp/1'], rejectUnauthorized: false }))
    await sleep(below(10))
    raw.destroy()
    socket.destroy()
  },
  async function randomBlocksAfterTls({ port }) {
    const options = { ALPNProtocols: ['smp/1'], rejectUnauthorized: false }
    const socket = quiet(connectTls({ host: '127.0.0.1', port: Number(port), ...options }))
    await once(socket, 'secureConnect')
    socket.resume()
    socket.write(systemRandom.bytes(below(3) === 0 ? below(16_384) : 16_384 * (1 + below(3))))
    if (below(2) === 0) socket.destroy()
    else socket.end()
  },
  async function nonsenseInBlocks(address) {
    const client = await TestClient.connect(address)
    const key = aKey()
    for (let i = 0; i < 20; i++) {
      const command = { type: 'SEND', notify: true, body: systemRandom.bytes(below(200)) } as const
      const bytes = client.transmission({ command, entity: systemRandom.bytes(24), key: key.own })
      for (let j = below(4); j > 0; j--) bytes[below(bytes.length)] = below(256)
      client.sendContent(below(3) === 0 ? systemRandom.bytes(below(2_000)) : encodeBatch([bytes, bytes]))
    }
    client.close()
  },
]

async function startRelay(dataDir: string) {
  const program = join(import.meta.dirname, '../../main/relay.ts')
  const child = spawn(process.execPath, [program, '--data', dataDir], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { data } = JSON.parse(line.toString()) as { data: { address: string } }
  return { child, address: parseRelayAddress(data.address) }
}

function residentMiB(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return (pages * 4_096) / 1024 / 1024
}

async function talk(address: RelayAddress, until: number, latencies: number[]): Promise<void> {
  const [alice, bob] = [await TestClient.connect(address), await TestClient.connect(address)]
  const queue = await aQueue(alice)
  for (let i = 0; performance.now() < until; i++) {
    const started = performance.now()
    const answer = await bob.say({ type: 'SEND', notify: false, body: systemRandom.bytes(100) }, queue.sndId)
    if (answer.type !== 'OK') throw new Error(`the pair was told ${answer.type}`)
    const { msgId } = await alice.message(queue)
    await alice.say({ type: 'ACK', msgId }, queue.rcvId, queue.key.own)
    latencies.push(performance.now() - started)
  }
  alice.close()
  bob.close()
}

async function storm(address: RelayAddress, until: number, counts: Map<string, number>): Promise<void> {
  while (performance.now() < until) {
    const attack = attacks[below(attacks.length)]!
    // Whatever the attacker meets is of no interest.
    await Promise.race([attack(address), sleep(ATTACK_TIME)]).catch(() => {})
    counts.set(attack.name, (counts.get(attack.name) ?? 0) + 1)
  }
}

const dataDir = mkdtempSync(join(tmpdir(), 'duplex-storm-'))
const { child, address } = await startRelay(dataDir)
try {
  const started = performance.now()
  const until = started + SECONDS * 1_000
  const counts = new Map<string, number>()
  const latencies: number[] = []
  const memory: number[] = []
  const sample = setInterval(() => memory.push(residentMiB(child.pid!)), 1_000)
  const attackers = Array.from({ length: 8 }, () => storm(address, until, counts))
  await Promise.all([talk(address, until, latencies), ...attackers])
  clearInterval(sample)
  latencies.sort((a, b) => a - b)
  const warm = memory.slice(Math.floor(memory.length * WARM_UP))
  const at = (part: number): string => latencies[Math.floor(latencies.length * part)]!.toFixed(1)
  process.exitCode = child.exitCode === null ? 0 : 1
  console.log(`${SECONDS} s, attacks: ${JSON.stringify(Object.fromEntries(counts))}`)
  console.log(`the pair: ${latencies.length} messages, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, none lost`)
  console.log(
    `memory of the relay, MiB: ${warm[0]?.toFixed(0)} after warming up, at most ${Math.max(...warm).toFixed(0)}, ${warm.at(-1)?.toFixed(0)} at the end`,
  )
} finally {
  child.stdin.end()
  await once(child, 'close')
  rmSync(dataDir, { recursive: true, force: true })
}
