import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './built.ts'
import { writeOpener } from './browser/opener.ts'
import { UsageError, asksForHelp, readArguments } from './shared/arguments.ts'
import { EXIT_USAGE } from './shared/exit-codes.ts'

/**
 * `npm run demo`: one relay and two people, Alice on the left and Bob on the right, in two browser windows. Everything
 * lives in a folder of its own that is gone at the end. `--no-open` only prints the two addresses.
 */
const USAGE = `usage: npm run demo -- [--no-open]

  --no-open     opens no browser, only says the two addresses`

const root = fileURLToPath(new URL('..', import.meta.url))
let folder = ''
const children: ChildProcess[] = []

type Ready = Record<string, unknown>

/** Starts one of our programs; answers the data of the event that it begins with. */
function start(name: string, args: string[], event: string): Promise<{ child: ChildProcess; data: Ready }> {
  const child = spawn(process.execPath, ['--disable-sigusr1', join(root, 'main', name), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${name} ended before it was ready`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { event?: string; data?: Ready }
      if (said.event === event) resolve({ child, data: said.data ?? {} })
    })
  })
}

/** Through the contract, as any script would: a profile and a finished first run, so that the demo starts at the chats. */
async function prepare(name: string, relay: string): Promise<void> {
  const { child } = await start('headless.ts', ['--data', join(folder, name), '--relay', relay], 'app.ready')
  child.stdin?.write(
    `${JSON.stringify({ id: 1, method: 'profile.create', params: { displayName: name } })}\n` +
      `${JSON.stringify({ id: 2, method: 'app.setOnboarding', params: { step: 'done' } })}\n`,
  )
  child.stdin?.end()
  await new Promise((resolve) => child.once('exit', resolve))
}

async function host(name: string, relay: string): Promise<string> {
  const args = ['--browser', '--no-open', '--data', join(folder, name), '--relay', relay]
  return String((await start('start.ts', args, 'host.ready')).data['url'])
}

/** Two windows beside each other where there is a Chromium; otherwise the addresses have to do. */
function show(urls: string[], open: boolean): void {
  const browser = [
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find((path) => existsSync(path))
  if (browser === undefined || !open) return
  urls.forEach((url, index) => {
    // By way of a file that nobody else can read: everybody sees the command line.
    const file = writeOpener(url, join(folder, ['Alice', 'Bob'][index] ?? ''))
    const args = [
      `--app=${file ?? 'about:blank'}`,
      '--window-size=940,860',
      `--window-position=${20 + index * 950},60`,
    ]
    const child = spawn(
      browser,
      [...args, `--user-data-dir=${join(folder, `window-${index}`)}`, '--no-first-run'],
      {
        stdio: 'ignore',
      },
    )
    child.once('error', () => undefined)
    children.push(child)
  })
}

let stopping = false

function stop(code: number): void {
  if (stopping) return
  stopping = true
  for (const child of children) child.kill('SIGTERM')
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null)
  void Promise.all(running.map((child) => new Promise((resolve) => child.once('exit', resolve)))).then(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
    process.exit(code)
  })
}

async function demo(open: boolean): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'duplex-demo-'))
  await ensureBuilt(root)
  const at = ['--data', join(folder, 'relay'), '--host', '127.0.0.1', '--port', '0']
  const relay = await start('relay.ts', at, 'relay.ready')
  const address = String(relay.data['address'])
  await Promise.all([prepare('Alice', address), prepare('Bob', address)])
  const urls = [await host('Alice', address), await host('Bob', address)]
  process.stdout.write(`Alice: ${urls[0]}\nBob:   ${urls[1]}\n`)
  process.stdout.write('Ctrl+C ends the demo and deletes what it made.\n')
  show(urls, open)
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : 'the demo could not start'}\n`)
  if (!(error instanceof UsageError)) return stop(1)
  process.stderr.write(`${USAGE}\n`)
  process.exit(EXIT_USAGE)
}

async function main(): Promise<void> {
  const { values } = readArguments(process.argv.slice(2), { 'no-open': { type: 'boolean' } }, 'no words')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0))
  process.stdout.on('error', () => stop(0))
  await demo(values['no-open'] !== true)
}

if (asksForHelp(process.argv.slice(2))) process.stdout.write(`${USAGE}\n`)
else await main().catch(fail)
