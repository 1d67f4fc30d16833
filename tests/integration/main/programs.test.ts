import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { writeOpener } from '../../../main/browser/opener.ts'
import { endAll, Program, startHeadless, startRelay, tempDir } from '../../tools/programs.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The window is built as for a person, and not as for a test of its parts. */
const NO_TEST = { VITEST: '' }

afterEach(endAll)

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

function run(script: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...NO_TEST, ...env },
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (text: Buffer) => (said.stdout += String(text)))
  child.stderr.on('data', (text: Buffer) => (said.stderr += String(text)))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })))
}

describe('a command line', () => {
  test.each([
    'main/start.ts',
    'main/headless.ts',
    'main/relay.ts',
    'main/demo.ts',
    'main/dev.ts',
    'main/landing/build.ts',
    'tests/bench/run.ts',
    'tests/tools/test.ts',
    'tests/tools/check.ts',
    'tests/tools/e2e.ts',
  ])('%s --help: usage on stdout, nothing else, code 0', async (script) => {
    const { code, stdout, stderr } = await run(script, ['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^usage: /)
  })

  test.each(['backup', 'rotate', 'block', 'unblock'])('relay %s --help, too', async (command) => {
    expect(await run('main/relay.ts', [command, '--help'])).toMatchObject({ code: 0, stderr: '' })
  })

  test.each([
    ['main/start.ts', ['--bowser'], '--browser'],
    ['main/headless.ts', ['--dat', 'x'], '--data'],
    ['main/relay.ts', ['--data', 'x', '--metric-port', '1'], '--metrics-port'],
    ['main/relay.ts', ['bakcup', 'x', '--data', 'x'], 'backup'],
    ['main/demo.ts', ['--noopen'], '--no-open'],
    ['tests/bench/run.ts', ['rleay'], 'relay'],
  ])('%s %j names %s and how it is used, code 64', async (script, args, meant) => {
    const { code, stdout, stderr } = await run(script, args)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toContain(`Did you mean ${meant}?`)
    expect(stderr).toContain('usage: ')
  })

  test.each([
    ['main/headless.ts', ['--data', '']],
    ['main/relay.ts', ['--data', '']],
    ['main/start.ts', ['--browser', '--data', '']],
    ['main/headless.ts', ['--data', 'x', '--relay', 'nonsense']],
    ['main/start.ts', ['--browser', '--port', '70000']],
  ])('%s %j is refused, and nothing is made', async (script, args) => {
    const before = readdirSync(ROOT)
    const { code, stderr } = await run(script, args, { XDG_DATA_HOME: tempDir() })
    expect(code).toBe(64)
    expect(stderr).toMatch(/takes|is not an address/)
    expect(readdirSync(ROOT)).toEqual(before)
  })

  test('a port that is taken is said, with the way out, and the program ends', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const port = String((other.address() as AddressInfo).port)
    const args = ['--data', tempDir(), '--port', port]
    const browser = await run('main/start.ts', ['--browser', '--no-open', ...args])
    expect(browser).toMatchObject({ code: 1, stdout: '' })
    expect(browser.stderr).toContain(`Port ${port} is taken by another program. Choose another with --port`)
    const relay = await run('main/relay.ts', args)
    expect(relay).toMatchObject({ code: 1, stdout: '' })
    expect(relay.stderr).toContain('another program listens on this port')
    other.close()
  })
})

const startBrowser = async (): Promise<Program> => {
  const program = new Program('main/start.ts', ['--browser', '--no-open', '--data', tempDir()], NO_TEST)
  await program.waitForLine('host.ready', () => true)
  return program
}
const started = {
  headless: async () => startHeadless(tempDir()),
  'the browser host': startBrowser,
  relay: async () => (await startRelay()).program,
}
type Name = keyof typeof started
const names = Object.keys(started) as Name[]

describe('an end', () => {
  test.each(names)('%s: SIGINT and SIGTERM end it with code 0', async (name) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      expect(await (await started[name]()).stop(signal)).toBe(0)
  })

  test.each(['headless', 'the browser host'] as const)(
    '%s: a closed terminal ends it with code 0',
    async (name) => {
      expect(await (await started[name]()).stop('SIGHUP')).toBe(0)
    },
  )

  test.each(names)('%s: the end of stdin ends it with code 0', async (name) => {
    const program = await started[name]()
    program.child.stdin.end()
    expect(await program.exited).toBe(0)
  })

  test('nobody who reads the logs is no reason to end', async () => {
    const program = await startBrowser()
    program.child.stderr.destroy()
    for (let i = 0; i < 3; i++) program.child.kill('SIGUSR2') // says a new address, to nobody
    const { url } = program.events[0]!.data as { url: string }
    expect((await fetch(new URL('/', url))).status).toBe(200)
    expect(await program.stop()).toBe(0)
  })

  test('headless: answers that nobody reads end it with code 0, and what was done stays', async () => {
    const dataDir = tempDir()
    const core = await startHeadless(dataDir)
    await core.call('profile.create', { displayName: 'Ann' })
    core.child.stdout.destroy()
    core.child.stdin.write('{"id":1,"method":"app.get"}\n')
    expect(await core.exited).toBe(0)
    expect(await (await startHeadless(dataDir)).call('profile.get', {})).toMatchObject({ displayName: 'Ann' })
  })

  test.runIf(process.platform !== 'win32').each(names)(
    '%s: the signal by which Node opens a debugger opens none',
    async (name) => {
      const program = await started[name]()
      program.child.kill('SIGUSR1')
      expect(await program.stop()).toBe(0)
      expect(program.log).not.toMatch(/debugger/i)
    },
  )

  test('every script of package.json that starts a program of ours forbids that signal', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    for (const name of ['start', 'headless', 'relay', 'demo', 'dev', 'dev:browser'])
      expect(scripts[name]).toMatch(/^exec node --disable-sigusr1 main\//)
  })
})

describe('the address of the browser host', () => {
  test('is a line for people too; a new one is had by a signal', async () => {
    const program = await startBrowser()
    const { url } = program.events[0]!.data as { url: string }
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
    await expect.poll(() => program.log).toContain(`Duplex is open at ${url}\n`)
    program.child.kill('SIGUSR2')
    await expect.poll(() => program.log).toMatch(/A new address, which opens once: http/)
    const [, another] = /opens once: (http\S+)/.exec(program.log)!
    expect(another).not.toBe(url)
  })

  test('a second start on the folder says so, ends with 2, and has a new address of the one that runs', async () => {
    const dataDir = tempDir()
    const args = ['--browser', '--no-open', '--data', dataDir]
    const first = new Program('main/start.ts', args, NO_TEST)
    const { url } = (await first.waitForLine('host.ready', () => true)) as { url: string }
    if (process.platform !== 'win32') expect(statSync(join(dataDir, 'host.sock')).mode & 0o777).toBe(0o600)
    const second = await run('main/start.ts', args)
    expect(second).toMatchObject({ code: 2, stdout: '' })
    expect(second.stderr).toContain('Another Duplex is already running on this data folder.')
    const another = /A new address, which opens once: (\S+)/.exec(second.stderr)?.[1]
    expect(another).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=/)
    expect(another).not.toBe(url)
    expect(new URL(another!).port).toBe(new URL(url).port)
    expect(await first.stop()).toBe(0)
  })

  test.runIf(process.platform === 'linux')('is on no command line of what opens the browser', async () => {
    const folder = tempDir()
    const dataDir = join(folder, 'data')
    // A browser that writes down how it was called and what it found.
    const opener = `#!/bin/sh\necho "$@" > ${folder}/called\ncat "$(echo "$1" | sed s,^file://,,)" > ${folder}/found.part\nmv ${folder}/found.part ${folder}/found\n`
    writeFileSync(join(folder, 'xdg-open'), opener, { mode: 0o755 })
    const env = { ...NO_TEST, PATH: `${folder}:${process.env['PATH']}` }
    const program = new Program('main/start.ts', ['--browser', '--data', dataDir], env)
    const { url } = (await program.waitForLine('host.ready', () => true)) as { url: string }
    await expect.poll(() => existsSync(join(folder, 'found'))).toBe(true)
    expect(readFileSync(join(folder, 'called'), 'utf8').trim()).toBe(`file://${dataDir}/open.html`)
    expect(readFileSync(join(folder, 'found'), 'utf8')).toContain(url)
    expect(await program.stop()).toBe(0)
    expect(existsSync(join(dataDir, 'open.html'))).toBe(false)
  })

  test('goes to the browser by way of a file of the owner alone, so no command line has it', () => {
    const dataDir = tempDir()
    const url = 'http://127.0.0.1:1/#token=secret'
    const file = writeOpener(url, dataDir)
    expect(file).not.toContain('secret')
    const path = fileURLToPath(file!)
    expect(readFileSync(path, 'utf8')).toContain(url)
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(existsSync(path)).toBe(true)
  })
})
