import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import { testElectron } from './electron.ts'
import { root, tool, type Step } from './steps.ts'

const TESTS = 'tests/e2e/playwright.config.ts'

/** How to run the end-to-end tests here, or one sentence that says what is missing and how to install it. */
export function e2eStep(args: string[], config = TESTS): Step | string {
  const browser = findBrowser() ?? installed('chromium', findBrowser)
  if (browser === null) return 'no Chromium. Install it by: npx playwright install --with-deps chromium'
  const electron = testElectron()
  if (electron === null)
    return 'no Electron. Install it by: npx install-electron (or name one in DUPLEX_ELECTRON)'
  if (!hasLibraries(electron.binary)) installed('libgtk-3-0 libnss3 libasound2 libgbm1', () => true)
  console.log(`e2e: Electron (${electron.origin}), ${browser}`)
  const env = { DUPLEX_CHROMIUM: browser, DUPLEX_ELECTRON: electron.binary }
  const step = (more: NodeJS.ProcessEnv): Step =>
    tool('e2e', '@playwright/test/cli.js', ['test', '--config', `${root}${config}`, ...args], {
      ...env,
      ...more,
    })
  if (process.platform !== 'linux' || process.env['DISPLAY']) return step({})
  const display = findInPath('Xvfb') ?? installed('xvfb', () => findInPath('Xvfb'))
  if (display === null) return 'no display. Install one by: apt-get install xvfb'
  return step({ DUPLEX_XVFB: display })
}

function findBrowser(): string | null {
  const places = [
    process.env['DUPLEX_CHROMIUM'] ?? '',
    chromium.executablePath(),
    '/usr/bin/chromium',
    '/usr/bin/google-chrome',
  ]
  return places.find((place) => place !== '' && existsSync(place)) ?? null
}

/** Installs Debian packages where that is possible without asking anybody, then looks again. */
function installed<T>(packages: string, find: () => T | null): T | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || findInPath('apt-get') === null) return null
  console.log(`installing ${packages}`)
  const apt = (...args: string[]): void =>
    void spawnSync('apt-get', ['-qq', '-y', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  apt('update')
  apt('install', '--no-install-recommends', ...packages.split(' '))
  return find()
}

function hasLibraries(binary: string): boolean {
  if (process.platform !== 'linux') return true
  return !spawnSync('ldd', [binary], { encoding: 'utf8' }).stdout.includes('not found')
}

function findInPath(name: string): string | null {
  const places = (process.env['PATH'] ?? '').split(':').map((folder) => `${folder}/${name}`)
  return places.find((place) => existsSync(place)) ?? null
}
