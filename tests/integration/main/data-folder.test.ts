import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '#core/contract'
import {
  endAll,
  filesUnder,
  Headless,
  Program,
  startHeadless,
  startRelay,
  tempDir,
} from '../../tools/programs.ts'

/** A folder with a life: a profile, the embedded relay, a clean stop. */
const lived = tempDir('duplex-lived')

/** What another installation left when it was killed. */
const strangersJournal = join(tempDir('duplex-stranger'), 'wal')

beforeAll(async () => {
  const other = tempDir()
  const stranger = await startHeadless(other)
  await stranger.call('profile.create', { displayName: 'Eve' })
  await stranger.kill()
  cpSync(join(other, 'duplex.db-wal'), strangersJournal)
  const core = await startHeadless(lived)
  await core.call('profile.create', { displayName: 'Ann' })
  await core.stop()
})
afterEach(endAll)
afterAll(() => rmSync(lived, { recursive: true, force: true }))

function copyOfLife(): string {
  const dataDir = join(tempDir(), 'data')
  cpSync(lived, dataDir, { recursive: true })
  return dataDir
}

/** Every file but those that say only that somebody is there. */
function contents(dir: string): Record<string, string> {
  return Object.fromEntries(
    filesUnder(dir)
      .filter((path) => !path.endsWith('/lock'))
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}

interface Case {
  name: string
  spoil: (dataDir: string) => void
  state: App['state']
  cause: string
  code: number
  answer: { code: string; reason: string }
}

const damaged = { state: 'damaged', code: 65, answer: { code: 'STORE', reason: 'damaged' } } as const
const db = (dataDir: string): string => join(dataDir, 'duplex.db')

const cases: Case[] = [
  {
    name: 'zero bytes',
    spoil: (dir) => truncateSync(db(dir)),
    cause: 'empty',
    ...damaged,
  },
  {
    name: 'zero bytes in a folder with nothing else',
    spoil: (dir) => {
      rmSync(dir, { recursive: true })
      mkdirSync(dir)
      writeFileSync(db(dir), '')
    },
    cause: 'empty',
    ...damaged,
  },
  {
    name: 'a folder in place of the file',
    spoil: (dir) => {
      rmSync(db(dir))
      mkdirSync(db(dir))
    },
    cause: 'not-a-file',
    ...damaged,
  },
  { name: 'a text file', spoil: (dir) => writeFileSync(db(dir), 'hello\n'), cause: 'unreadable', ...damaged },
  {
    name: 'encrypted bytes',
    spoil: (dir) => writeFileSync(db(dir), createHash('shake256', { outputLength: 65_536 }).digest()),
    cause: 'unreadable',
    ...damaged,
  },
  {
    name: 'half a database',
    spoil: (dir) => truncateSync(db(dir), Math.floor(statSync(db(dir)).size / 2)),
    cause: 'unreadable',
    ...damaged,
  },
  {
    name: 'a database whose first page was overwritten',
    spoil: (dir) => {
      const bytes = readFileSync(db(dir))
      bytes.fill(0x5a, 100, 4_096)
      writeFileSync(db(dir), bytes)
    },
    cause: 'unreadable',
    ...damaged,
  },
  {
    name: 'a database that lacks a table',
    spoil: (dir) => {
      const own = new Database(db(dir))
      own.pragma('foreign_keys = OFF')
      own.exec('DROP TABLE chat_contact')
      own.close()
    },
    cause: 'unreadable',
    ...damaged,
  },
  {
    name: 'a database that lacks a column',
    spoil: (dir) => {
      const own = new Database(db(dir))
      own.exec('ALTER TABLE relay_entry DROP COLUMN page')
      own.close()
    },
    cause: 'unreadable',
    ...damaged,
  },
  {
    name: 'a database of another program',
    spoil: (dir) => {
      rmSync(db(dir))
      const other = new Database(db(dir))
      other.exec('CREATE TABLE song (title TEXT)')
      other.close()
    },
    cause: 'foreign',
    ...damaged,
  },
  {
    name: 'the journal of another folder',
    spoil: (dir) => cpSync(strangersJournal, `${db(dir)}-wal`),
    cause: 'foreign-journal',
    ...damaged,
  },
  {
    name: 'no database, but its journal',
    spoil: (dir) => {
      rmSync(db(dir))
      rmSync(join(dir, 'relay'), { recursive: true })
      writeFileSync(`${db(dir)}-wal`, 'journal')
    },
    cause: 'missing',
    ...damaged,
  },
  {
    name: 'no database, but the relay of this installation',
    spoil: (dir) => rmSync(db(dir)),
    cause: 'missing',
    ...damaged,
  },
  {
    name: 'a link to a database that is gone',
    spoil: (dir) => {
      rmSync(db(dir))
      symlinkSync(join(dir, 'elsewhere.db'), db(dir))
    },
    cause: 'missing',
    ...damaged,
  },
  {
    name: 'a schema of a later version',
    spoil: (dir) => {
      const newer = new Database(db(dir))
      newer.exec(`INSERT INTO schema_migration VALUES (99990, 'later', 0)`)
      newer.close()
    },
    state: 'newer',
    cause: 'newer',
    code: 78,
    answer: { code: 'STORE', reason: 'newer' },
  },
]

describe('STA: a folder that cannot be used is said, and not one byte of it changes', () => {
  test.each(cases)('$name', async ({ spoil, state, cause, code, answer }) => {
    const dataDir = copyOfLife()
    spoil(dataDir)
    const before = contents(dataDir)
    const core = await startHeadless(dataDir)
    expect(core.events[0]).toMatchObject({ event: 'app.ready', data: { state, profile: null } })
    expect(await core.call('app.get', {})).toMatchObject({ state, dataDir, trouble: { cause } })
    const refused = await core.refused('profile.create', { displayName: 'Bob' })
    expect(refused).toMatchObject({ ...answer, details: { retryable: true } })
    expect(refused.message).toMatch(/nothing was (?:changed|lost)/i)
    expect((await core.refused('app.get', { anything: 1 })).code).toBe('INVALID_PARAMS')
    expect((await core.refused('no.such', {})).code).toBe('UNKNOWN_METHOD')
    // Trying again changes nothing either.
    expect(await core.call('app.retry', {})).toMatchObject({ state, trouble: { cause } })
    expect(core.log).toMatch(/[Nn]othing was (?:changed|lost)/)
    expect(core.log).not.toContain('refused')
    expect(await core.stop()).toBe(code)
    expect(contents(dataDir)).toEqual(before)
  })

  test('what is put right is taken up without a restart, and the link that came meanwhile was kept', async () => {
    const dataDir = copyOfLife()
    renameSync(db(dataDir), `${db(dataDir)}.away`)
    const core = await startHeadless(dataDir)
    await core.call('app.openLink', { text: 'simplex:/kept' })
    renameSync(`${db(dataDir)}.away`, db(dataDir))
    expect(await core.call('app.retry', {})).toMatchObject({ state: 'ready', heldLink: true })
    await core.waitForEvent('app.state', (app) => app.state === 'ready' && app.trouble === undefined)
    expect(await core.call('profile.get', {})).toMatchObject({ displayName: 'Ann' })
    expect(await core.stop()).toBe(0)
  })

  test('details for whoever is asked for help name no path and no person', async () => {
    const dataDir = copyOfLife()
    writeFileSync(db(dataDir), 'hello\n')
    const core = await startHeadless(dataDir)
    const { trouble } = await core.call('app.get', {})
    expect(trouble?.details).toContain('duplex.db: 6 bytes')
    expect(trouble?.details).not.toMatch(/\/tmp|Ann|hello/)
  })

  test('a first start that is cut short leaves no empty file behind', async () => {
    const dataDir = join(tempDir(), 'data')
    const core = new Headless({ dataDir, relays: [] })
    while (!existsSync(join(dataDir, 'lock'))) await new Promise((resolve) => setImmediate(resolve))
    await core.kill()
    const again = await startHeadless(dataDir)
    expect(again.events[0]).toMatchObject({ data: { state: 'ready' } })
  })
})

test('a damage that is met only later is said then, and the file is let go of', async () => {
  const dataDir = join(tempDir(), 'data')
  const relay = await startRelay()
  const ann = await startHeadless(dataDir, [relay.address])
  const bob = await startHeadless(tempDir(), [relay.address])
  await ann.call('profile.create', { displayName: 'Ann' })
  await bob.call('profile.create', { displayName: 'Bob' })
  await bob.call('connection.connect', { link: (await ann.call('invitation.create', {})).link })
  const { contactId } = await ann.waitForEvent('contact.connected')
  for (let i = 0; i < 30; i++)
    await ann.call('message.send', { contactId, text: `${i} ${'y'.repeat(9_000)}` })
  const last = await ann.call('chat.messages', { contactId, limit: 1 })
  await ann.waitForEvent(
    'message.updated',
    (one) => one.messageId === last[0]?.messageId && one.status === 'delivered',
  )
  await ann.stop()
  await bob.stop()
  const bytes = readFileSync(db(dataDir))
  // Whatever page holds a piece of a message holds noise now, the ones that lead there too where they are full of it.
  for (let page = 40_960; page < bytes.length; page += 4_096)
    if (bytes.subarray(page, page + 4_096).includes('y'.repeat(1_000))) bytes.fill(0xee, page, page + 4_096)
  writeFileSync(db(dataDir), bytes)

  const again = await startHeadless(dataDir, [relay.address])
  const refused = await again.refused('chat.messages', { contactId })
  expect(refused).toMatchObject({ code: 'STORE', reason: 'damaged' })
  await again.waitForEvent('app.state', (app) => app.state === 'damaged')
  expect(await again.refused('profile.get', {})).toMatchObject({ code: 'STORE', reason: 'damaged' })
  expect(await again.stop()).toBe(65)
})

describe('a folder that goes away while it is used', () => {
  test('is said, what was kept is still readable, and it is over when the folder is back', async () => {
    const dataDir = copyOfLife()
    const core = await startHeadless(dataDir)
    renameSync(dataDir, `${dataDir}.away`)
    await core.waitForEvent('app.state', (app) => app.trouble?.cause === 'no-folder')
    expect(await core.call('app.retry', {})).toMatchObject({ state: 'damaged' })
    expect(await core.call('profile.get', {})).toMatchObject({ displayName: 'Ann' })
    await core.call('profile.update', { fullName: 'Ann A.' })
    renameSync(`${dataDir}.away`, dataDir)
    await core.waitForEvent('app.state', (app) => app.state === 'ready')
    expect(await core.stop()).toBe(0)
    const again = await startHeadless(dataDir)
    expect(await again.call('profile.get', {})).toMatchObject({ fullName: 'Ann A.' })
  })
})

describe('a folder that cannot be had', () => {
  test('one that was chosen in the window and is gone: nothing is begun in its place', async () => {
    const dataDir = join(tempDir(), 'on-a-disk-that-is-not-connected')
    const core = await startHeadless(dataDir, [], { DUPLEX_FOLDER: 'existing' })
    expect(await core.call('app.get', {})).toMatchObject({
      state: 'damaged',
      trouble: { cause: 'no-folder' },
    })
    expect(existsSync(dataDir)).toBe(false)
    cpSync(lived, dataDir, { recursive: true })
    expect(await core.call('app.retry', {})).toMatchObject({ state: 'ready' })
  })

  test.each([
    ['a file', (at: string) => writeFileSync(at, '')],
    ['under a file', (at: string) => writeFileSync(join(at, '..'), '')],
    ['a link that leads to itself', (at: string) => symlinkSync(at, at)],
  ])('--data names %s', async (name, make) => {
    const parent = join(tempDir(), 'parent')
    if (name !== 'under a file') mkdirSync(parent)
    make(join(parent, 'data'))
    const core = await startHeadless(join(parent, 'data'))
    expect(core.events[0]).toMatchObject({ data: { state: 'damaged' } })
    expect(await core.refused('profile.get', {})).toMatchObject({ code: 'STORE', reason: 'io' })
    core.child.stdin.end()
    expect(await core.exited).toBe(65)
    expect(core.log).toContain('use another folder')
  })

  test.runIf(process.platform === 'linux').each(['main/headless.ts', 'main/relay.ts'])(
    '%s --data /proc/x ends with a sentence',
    async (script) => {
      const program = new Program(script, ['--data', '/proc/x/y'])
      program.child.stdin.end()
      expect(await program.exited).not.toBe(0)
      expect(program.log).toMatch(/folder/)
    },
  )

  test('in use: the second one says so and ends with 2', async () => {
    const dataDir = copyOfLife()
    await startHeadless(dataDir)
    const second = new Headless({ dataDir, relays: [] })
    expect(await second.exited).toBe(2)
    expect(second.log).toContain('Another Duplex is already running on this data folder.')
  })

  test('in use: a window waits for the folder and goes on when it is free', async () => {
    const dataDir = copyOfLife()
    const first = await startHeadless(dataDir)
    const second = await startHeadless(dataDir, [], { DUPLEX_STAY: 'yes' })
    expect(await second.call('app.get', {})).toMatchObject({ state: 'in-use', trouble: { cause: 'in-use' } })
    expect(await second.refused('profile.get', {})).toMatchObject({ code: 'STORE', reason: 'in-use' })
    await first.stop()
    expect(await second.call('app.retry', {})).toMatchObject({ state: 'ready' })
    expect(await second.call('profile.get', {})).toMatchObject({ displayName: 'Ann' })
  })
})

/** Somebody who may not do everything, as the root user of a container may. */
const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

describe.runIf(process.platform === 'linux')('rights', () => {
  function forNobody(dataDir: string): void {
    if (asNobody.uid === undefined) return
    const folders = [join(dataDir, '..'), dataDir, join(dataDir, 'relay'), join(dataDir, 'relay', 'identity')]
    for (const path of [...folders.filter((folder) => existsSync(folder)), ...filesUnder(dataDir)])
      chownSync(path, asNobody.uid, asNobody.gid)
  }

  test.each([
    ['the folder', (dir: string) => chmodSync(dir, 0o500)],
    ['the file', (dir: string) => chmodSync(db(dir), 0o400)],
    ['the file, not even to be read', (dir: string) => chmodSync(db(dir), 0)],
    ['the folder above', (dir: string) => chmodSync(join(dir, '..'), 0)],
    ['the lock', (dir: string) => chmodSync(join(dir, 'lock'), 0o400)],
  ])('%s may not be written: read-only, until it may', async (_, protect) => {
    const dataDir = copyOfLife()
    forNobody(dataDir)
    const before = contents(dataDir)
    protect(dataDir)
    const core = new Headless({ dataDir, relays: [] }, {}, asNobody)
    await core.waitForEvent('app.ready')
    expect(await core.call('app.get', {})).toMatchObject({
      state: 'read-only',
      trouble: { cause: 'read-only' },
    })
    expect(await core.refused('profile.get', {})).toMatchObject({ code: 'STORE_READ_ONLY' })
    for (const path of [join(dataDir, '..'), dataDir]) chmodSync(path, 0o700)
    for (const name of ['duplex.db', 'lock']) chmodSync(join(dataDir, name), 0o600)
    expect(contents(dataDir)).toEqual(before)
    expect(await core.call('app.retry', {})).toMatchObject({ state: 'ready' })
    expect(await core.call('profile.get', {})).toMatchObject({ displayName: 'Ann' })
    expect(await core.stop()).toBe(0)
  })

  test('the relay begins nothing anew on an emptied file', async () => {
    const first = await startRelay()
    await first.program.stop()
    truncateSync(join(first.dataDir, 'relay.db'))
    const again = new Program('main/relay.ts', ['--data', first.dataDir])
    expect(await again.exited).toBe(1)
    expect(again.log).toContain('relay.db in the data folder is damaged or no database; nothing was changed')
    expect(statSync(join(first.dataDir, 'relay.db')).size).toBe(0)
  })

  test('the relay says the same of its folder', async () => {
    const dataDir = join(tempDir(), 'data')
    mkdirSync(dataDir)
    forNobody(dataDir)
    chmodSync(dataDir, 0o500)
    const relay = new Program('main/relay.ts', ['--data', dataDir], {}, asNobody)
    expect(await relay.exited).toBe(1)
    expect(relay.log).toContain('the data folder must be writable')
  })
})

/** A disk of its own, small enough to be filled; null where this user may not mount one. */
function smallDisk(megabytes: number): string | null {
  const at = tempDir('duplex-disk')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', at])
  if (mounted.status !== 0) return null
  disks.push(at)
  return at
}
const disks: string[] = []
const mayMount = ((): boolean => {
  if (process.platform !== 'linux') return false
  const at = smallDisk(1)
  return at !== null
})()
afterAll(() => {
  for (const disk of disks) spawnSync('umount', ['-l', disk])
})

describe.runIf(mayMount)('a disk that fills up', () => {
  const fill = (disk: string): string => {
    const path = join(disk, 'filling')
    spawnSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=4k'])
    return path
  }

  test('at the start: disk-full, and ready as soon as there is room, by itself', async () => {
    const disk = smallDisk(16)!
    const dataDir = join(disk, 'data')
    cpSync(lived, dataDir, { recursive: true })
    const filling = fill(disk)
    const core = await startHeadless(dataDir)
    expect(await core.call('app.get', {})).toMatchObject({ state: 'disk-full' })
    expect(await core.call('profile.get', {})).toMatchObject({ displayName: 'Ann' })
    rmSync(filling)
    await core.waitForEvent('app.state', (app) => app.state === 'ready')
    expect(await core.call('profile.get', {})).toMatchObject({ displayName: 'Ann' })
    expect(await core.stop()).toBe(0)
  })

  test('on a first start: nothing half-made is left that would look like a loss', async () => {
    const disk = smallDisk(4)!
    const dataDir = join(disk, 'data')
    mkdirSync(dataDir)
    const filling = fill(disk)
    const core = await startHeadless(dataDir)
    expect(await core.call('app.get', {})).toMatchObject({ state: 'disk-full' })
    rmSync(filling)
    expect(await core.call('app.retry', {})).toMatchObject({ state: 'ready' })
  })

  test('while it runs: said, still readable, over when there is room, and no message is lost', async () => {
    const relay = await startRelay()
    const disk = smallDisk(24)!
    const ann = await startHeadless(join(disk, 'data'), [relay.address])
    const bob = await startHeadless(tempDir(), [relay.address])
    await ann.call('profile.create', { displayName: 'Ann' })
    await bob.call('profile.create', { displayName: 'Bob' })
    const { link } = await ann.call('invitation.create', {})
    await bob.call('connection.connect', { link })
    const { contactId } = await bob.waitForEvent('contact.connected')
    const { contactId: bobs } = await ann.waitForEvent('contact.connected')

    const filling = fill(disk)
    const texts = Array.from({ length: 8 }, (_, i) => `message ${i} ${'x'.repeat(12_000)}`)
    for (const text of texts) await bob.call('message.send', { contactId, text })
    await ann.waitForEvent('app.state', (app) => app.state === 'disk-full')
    expect(await ann.call('app.get', {})).toMatchObject({
      state: 'disk-full',
      trouble: { cause: 'disk-full' },
    })
    expect(await ann.call('profile.get', {})).toMatchObject({ displayName: 'Ann' })

    rmSync(filling)
    await ann.waitForEvent('app.state', (app) => app.state === 'ready')
    await ann.waitForEvent('message.received', ({ content }) => content.text === texts.at(-1))
    const kept = await ann.call('chat.messages', { contactId: bobs })
    const arrived = kept.filter((one) => one.direction === 'in').map((one) => one.content.text)
    expect(arrived.toReversed()).toEqual(texts)
    await ann.call('message.send', { contactId: bobs, text: 'all of it' })
    await bob.waitForEvent('message.received', ({ content }) => content.text === 'all of it')
  })
})
