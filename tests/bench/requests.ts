import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isAppError, silentLog, systemClock, utf8 } from '#core/base'
import { createRelayPool } from '#core/client'
import { cryptoReady, systemRandom } from '#core/crypto'
import { throwAt } from '../unit/agent/address-tools.ts'
import { connectPeople, person, type Person } from '../tools/people.ts'
import { endAll, filesUnder, startRelay, until } from '../tools/programs.ts'
import { Samples, machine, quantile } from './samples.ts'

/*
 * A flood: many requests from a script at one address of a real core, which has one contact that goes on talking. Linux
 * only, as it reads the processor time and the memory of that process from outside.
 */

const FULL = { requests: 2_000, rounds: 4, talk: 200 }
const SMALL: typeof FULL = { requests: 200, rounds: 2, talk: 20 }
/** A picture as people have it: most of what a request holds. */
const IMAGE = `data:image/jpg;base64,${'/9j/4AAQ'.repeat(1_000)}`
/** SENDs in flight. */
const AT_ONCE = 8

export async function benchRequests(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { small: { type: 'boolean' }, json: { type: 'string' } } })
  const sizes = values.small === true ? SMALL : FULL
  await cryptoReady()
  const samples = new Samples()
  try {
    await flood(sizes, samples)
  } finally {
    await endAll()
  }
  const facts = Object.entries(machine()).map(([name, value]) => `${name}: ${value}`)
  console.log(`${facts.join(', ')}\n${samples.table()}`)
  if (values.json !== undefined) {
    const result = { bench: 'requests', machine: machine(), sizes, rows: samples.rows() }
    writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`)
  }
}

async function flood({ requests, rounds, talk }: typeof FULL, samples: Samples): Promise<void> {
  const relay = await startRelay()
  const [olivia, bob] = await Promise.all([person('Olivia', [relay.address]), person('Bob', [relay.address])])
  const { creatorsContact, joinersContact } = await connectPeople(olivia, bob)
  const { fullLink: link, addressId } = await olivia.core.call('address.create', {})
  const invitation = (await bob.core.call('invitation.create', {})).fullLink
  const arrives = (text: string): Promise<unknown> =>
    olivia.core.waitForEvent('message.received', ({ content }) => content.text === text)
  const pair: Pair = { bob, contactId: joinersContact.contactId, arrives }

  await chat(pair, talk, 'warm')
  const quietBefore = usage(olivia)
  const quiet = await chat(pair, talk, 'quiet')
  const perMessage = (usage(olivia).cpu - quietBefore.cpu) / talk
  samples.add('processor for one chat message', 'ms', perMessage)
  const start = { ...usage(olivia), database: databaseSize(olivia) }
  samples.add('memory before', 'MiB', start.rss)

  const busy: number[] = []
  let flooding = true
  const talking = (async () => {
    for (let n = 0; flooding; n++) busy.push(...(await chat(pair, 1, `busy ${n}`)))
  })()
  const pool = createRelayPool({ clock: systemClock, random: systemRandom, log: silentLog })
  for (let round = 0; round < rounds; round++) {
    const before = { ...usage(olivia), talked: busy.length }
    const count = requests / rounds
    await ask(pool, link, invitation, { from: round * count, count })
    await until(async () => {
      const counted = (await olivia.core.call('address.get', {}))!.requests
      return counted.total + counted.dropped === (round + 1) * count
    }, 600_000)
    const after = usage(olivia)
    const chatting = (busy.length - before.talked) * perMessage
    const each = (after.cpu - before.cpu - chatting) / count
    samples.add(`processor for one request, round ${round + 1}`, 'ms', each)
    samples.add(`the same, against a chat message`, 'x', each / perMessage)
    samples.add(`memory after round ${round + 1}`, 'MiB', after.rss)
  }
  flooding = false
  await talking
  await pool.close()
  chatFigures(samples, quiet, busy)

  const { requests: counts } = (await olivia.core.call('address.get', {}))!
  samples.add('requests kept (the oldest)', '', counts.waiting)
  samples.add('requests counted and not kept', '', counts.dropped)
  const shown = olivia.core.events.filter(
    ({ event, data }) => event === 'notification.show' && (data as { kind: string }).kind === 'request',
  )
  samples.add('notifications of requests', '', shown.length)
  const grown = databaseSize(olivia) - start.database
  samples.add('database for one kept request', 'KiB', grown / counts.waiting / 1_024)
  const began = performance.now()
  await olivia.core.call('request.rejectMany', { addressId, all: true })
  samples.add('rejecting all of them', 'ms', performance.now() - began)
  samples.add('memory at the end', 'MiB', usage(olivia).rss)
  samples.add('memory at the end, against before', 'x', usage(olivia).rss / start.rss)
  const got = await olivia.core.call('contact.get', { contactId: creatorsContact.contactId })
  if (got.unread !== talk * 2 + busy.length) throw new Error('a message of the contact is missing')
}

interface Pair {
  readonly bob: Person
  readonly contactId: string
  arrives(text: string): Promise<unknown>
}

/** From the call of one to the event of the other, milliseconds. */
async function chat({ bob, contactId, arrives }: Pair, count: number, prefix: string): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < count; n++) {
    const text = `${prefix} ${n}`
    const began = performance.now()
    const arrived = arrives(text)
    await bob.core.call('message.send', { contactId, text })
    await arrived
    times.push(performance.now() - began)
  }
  return times
}

function chatFigures(samples: Samples, quiet: readonly number[], busy: readonly number[]): void {
  samples.add('messages of the contact meanwhile, all arrived', '', busy.length)
  for (const at of [0.5, 0.95]) {
    const [before, during] = [quantile(quiet, at), quantile(busy, at)]
    samples.add(`chat message before, p${at * 100}`, 'ms', before)
    samples.add(`chat message meanwhile, p${at * 100}`, 'ms', during)
    samples.add(`the same, meanwhile against before, p${at * 100}`, 'x', during / before)
  }
}

/** As many that are all somebody else. A relay that has no room for more is asked again. */
export async function ask(
  pool: ReturnType<typeof createRelayPool>,
  link: string,
  invitation: string,
  { from, count }: { from: number; count: number },
): Promise<void> {
  let next = from
  const one = async (number: number): Promise<void> => {
    const connInfo = utf8(
      JSON.stringify({
        v: '1-16',
        event: 'x.contact',
        params: {
          profile: { displayName: `Asker ${number}`, fullName: '', image: IMAGE },
          contactReqId: Buffer.from(systemRandom.bytes(12)).toString('base64url'),
        },
      }),
    )
    for (;;) {
      try {
        return await throwAt({ pool }, link, {
          type: 'invitation',
          agentVersion: 7,
          link: invitation,
          connInfo,
        })
      } catch (error) {
        if (!isAppError(error, 'relay.refused')) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }
  const lane = async (): Promise<void> => {
    while (next < from + count) await one(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

const TICK = 10 // ms: USER_HZ is 100 on every Linux that people run
const PAGE = 4_096

/** Milliseconds of processor since the start, MiB of memory. */
function usage({ core }: Person): { cpu: number; rss: number } {
  const stat = readFileSync(`/proc/${core.child.pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const pages = Number(readFileSync(`/proc/${core.child.pid}/statm`, 'utf8').split(' ')[1])
  return { cpu: (Number(fields[11]) + Number(fields[12])) * TICK, rss: (pages * PAGE) / 2 ** 20 }
}

function databaseSize({ dataDir }: Person): number {
  return filesUnder(dataDir)
    .filter((path) => /\.db(-wal)?$/.test(path))
    .reduce((sum, path) => sum + statSync(path).size, 0)
}
