import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { generateX25519, sha3_384, systemRandom } from '#core/crypto'
import type { Command } from '#core/protocol'
import { type TestClient, type TestQueue, aKey, aQueue } from './client.ts'
import { startRelay } from './program.ts'
import { type MovableClock, aClient, aFolder, aRelay, movableClock } from './setup.ts'
import { watchStatements } from './statements.ts'
import { DEL, GET, OFF, SUB, ack, bodyOf, send, subscribe } from './words.ts'

const FILES = ['relay.db', 'relay.db-wal'] as const
const TABLES = ['queue', 'message', 'link', 'notice'] as const

/** What a relay that starts on these files would find. */
function contents(dataDir: string, scratch: string): string {
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch)
  for (const file of FILES)
    if (existsSync(join(dataDir, file))) copyFileSync(join(dataDir, file), join(scratch, file))
  const db = new Database(join(scratch, 'relay.db'))
  try {
    if (db.pragma('integrity_check', { simple: true }) !== 'ok') return 'damaged'
    const rows = TABLES.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all())
    return JSON.stringify(rows)
  } finally {
    db.close()
  }
}

/** Looks at the files before every statement: what a process that dies there leaves behind. */
class Witness {
  readonly #dataDir: string
  readonly #scratch: string
  readonly #end: () => void
  #seen: string[] | null = null
  #looking = false
  points = 0

  constructor(dataDir: string, scratch: string) {
    this.#dataDir = dataDir
    this.#scratch = join(scratch, 'copy')
    this.#end = watchStatements(() => {
      if (!this.#seen || this.#looking) return
      this.points++
      this.#seen.push(this.now())
    })
  }

  now(): string {
    this.#looking = true
    try {
      return contents(this.#dataDir, this.#scratch)
    } finally {
      this.#looking = false
    }
  }

  /** Either nothing of it is there or all of it, and all of it when the answer is. */
  async step<T>(name: string, act: () => Promise<T>): Promise<T> {
    const before = this.now()
    const seen = (this.#seen = [])
    const result = await act()
    this.#seen = null
    const after = this.now()
    expect(after, `${name} is on disk when it is answered`).not.toBe(before)
    const turn = seen.findIndex((state) => state !== before)
    const [olds, news] = turn < 0 ? [seen, []] : [seen.slice(0, turn), seen.slice(turn)]
    expect(olds.length, `${name} has statements`).toBeGreaterThan(1)
    expect(
      news.every((state) => state === after),
      `${name} is whole or not there`,
    ).toBe(true)
    return result
  }

  end(): void {
    this.#end()
  }
}

const HOUR = 3_600_000

async function lifeOfAQueue(witness: Witness, client: TestClient, clock: MovableClock) {
  const say = (name: string, queue: TestQueue, command: Command) =>
    witness.step(name, () => client.say(command, queue.rcvId, queue.key.own))
  const corrId = systemRandom.bytes(24)
  const link = {
    sndId: sha3_384(corrId).subarray(0, 24),
    fixed: new Uint8Array(50),
    user: new Uint8Array(90),
  }
  const ntf = aKey()
  const notifier = { ntfKey: ntf.public, rcvNtfDhKey: generateX25519(systemRandom).publicKey }
  const wishes = { corrId, request: { mode: 'M', link } as const, notifier, subscribe: false }
  const queue = await witness.step('NEW', () => aQueue(client, wishes))
  const sender = aKey()
  const { linkId } = queue.ids
  const changed = { linkId: linkId!, fixed: link.fixed, user: new Uint8Array(91) }
  await say('LSET', queue, { type: 'LSET', ...changed })
  await witness.step('LKEY', () => client.say({ type: 'LKEY', sndKey: sender.public }, linkId!, sender.own))
  const toQueue = (text: string) => client.say(send(text, true), queue.sndId, sender.own)
  await witness.step('SEND that removes the link and leaves a notice', () => toQueue('1'))
  await witness.step('NSUB', () => client.say({ type: 'NSUB' }, queue.ids.notifier!.ntfId, ntf.own))
  await witness.step('SEND', () => toQueue('2'))
  await witness.step('SEND that leaves the marker', () => toQueue('3'))
  const got = await client.say(GET, queue.rcvId, queue.key.own)
  await witness.step('ACK', () => ack(client, queue, queue.open(got).msgId))
  await say('NKEY', queue, { type: 'NKEY', ...notifier })
  await say('NDEL', queue, { type: 'NDEL' })
  clock.advance(25 * HOUR)
  await witness.step('GET on another day', () => client.say(GET, queue.rcvId, queue.key.own))
  await say('OFF', queue, OFF)
  await say('DEL', queue, DEL)
}

async function lifeOfAnAddress(witness: Witness, client: TestClient, clock: MovableClock) {
  const queue = await witness.step('NEW', () =>
    aQueue(client, { request: { mode: 'C', link: null }, subscribe: false }),
  )
  const say = (name: string, command: Command) =>
    witness.step(name, () => client.say(command, queue.rcvId, queue.key.own))
  const linkId = systemRandom.bytes(24)
  await say('LSET', { type: 'LSET', linkId, fixed: new Uint8Array(50), user: new Uint8Array(90) })
  await say('LDEL', { type: 'LDEL' })
  await say('RKEY', { type: 'RKEY', rcvAuthKeys: [queue.key.public, aKey().public] })
  const sends = ['a', 'b'].map((text) => ({ command: send(text), entity: queue.sndId }))
  await witness.step('two SENDs of one block', () => client.askAll(sends))
  clock.advance(30 * 24 * HOUR)
  const fresh = () => client.say(send('c'), queue.sndId)
  await witness.step('SEND that drops what is too old', fresh)
  await say('SUB on another day', SUB)
  await say('KEY', { type: 'KEY', sndKey: aKey().public })
}

describe('a relay that dies between any two statements', () => {
  test('leaves every command whole or undone, and whole when it was answered', async () => {
    const dataDir = aFolder()
    const clock = movableClock()
    // Looking at the files takes so long that commands of one block would be carried out in slices, each whole.
    const relay = await aRelay({ dataDir, clock, limits: { quota: 2, sliceTime: 60_000 } })
    const client = await aClient(relay)
    const witness = new Witness(dataDir, aFolder())
    try {
      await lifeOfAQueue(witness, client, clock)
      await lifeOfAnAddress(witness, client, clock)
    } finally {
      witness.end()
    }
    expect(witness.points).toBeGreaterThan(100)
  })

  test('leaves a file that was being brought up to date in its old or its new form', async () => {
    const dataDir = aFolder()
    await (await aRelay({ dataDir })).stop()
    const old = new Database(join(dataDir, 'relay.db'))
    old.exec('DROP INDEX queue_by_use; DELETE FROM migration WHERE version > 10')
    old.close()
    const scratch = join(aFolder(), 'copy')
    const forms = new Set<string>()
    let looking = false
    const end = watchStatements(() => {
      if (looking) return
      looking = true
      contents(dataDir, scratch)
      const db = new Database(join(scratch, 'relay.db'))
      const steps = db.prepare('SELECT max(version) AS v FROM migration').get() as { v: number }
      const index = db.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'queue_by_use'").get()
      forms.add(`${steps.v} ${(index as { n: number }).n}`)
      db.close()
      looking = false
    })
    try {
      await aRelay({ dataDir })
    } finally {
      end()
    }
    expect([...forms]).toEqual(['10 0', '20 1'])
  })

  test('really dies, and keeps what it promised', async () => {
    const dataDir = aFolder()
    const args = ['--data', dataDir]
    let relay = await startRelay(args)
    const owner = await aClient(relay)
    const queue = await aQueue(owner, { subscribe: false })
    relay.child.kill('SIGKILL')
    await relay.ended
    const answered: string[] = []
    const hook = fileURLToPath(new URL('./kill-after.ts', import.meta.url))
    for (const statements of [40, 43, 46, 49]) {
      const env = {
        ...process.env,
        NODE_OPTIONS: `--import=${hook}`,
        DUPLEX_TEST_STATEMENTS: `${statements}`,
      }
      const victim = await startRelay(args, 'pipe', env)
      const client = await aClient(victim)
      for (let i = 0; ; i++) {
        const text = `${statements}.${i}`
        const answer = await client.say(send(text), queue.sndId).catch(() => null)
        if (answer?.type !== 'OK') break
        answered.push(text)
      }
      expect(await victim.ended).toBe('SIGKILL')
    }
    relay = await startRelay(args)
    const reader = await aClient(relay)
    await subscribe(reader, queue)
    const found: string[] = []
    let message = await reader.message(queue)
    for (;;) {
      found.push(bodyOf(message))
      const next = await ack(reader, queue, message.msgId)
      if (next.type === 'OK') break
      message = queue.open(next)
    }
    expect(answered.length).toBeGreaterThan(0)
    expect(found.filter((text) => answered.includes(text))).toEqual(answered)
    expect(found.length).toBeLessThanOrEqual(answered.length + 4)
  })
})
