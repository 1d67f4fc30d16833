import { test as base, expect, type Browser } from '@playwright/test'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browserWith } from './camera.ts'
import { ownDisplay } from './display.ts'
import { openPerson, type HostKind, type Person } from './person.ts'
import { startRelay, type RelayProgram } from './programs.ts'

export interface World {
  /** Empty at the start, gone at the end. */
  folder: string
  relay: RelayProgram
  /** One more relay, which this world ends, too. */
  otherRelay(): Promise<RelayProgram>
  /** Somebody with a fresh data folder, on this world's relay unless told otherwise. */
  person(who: string, kind?: HostKind, args?: readonly string[]): Promise<Person>
  /** Somebody whose Chromium or Electron has these switches, on this world's relay. */
  personWith(who: string, kind: HostKind, more: PersonWith): Promise<Person>
}

export interface PersonWith {
  switches: readonly string[]
  permissions?: readonly string[]
}

interface Fixtures {
  folder: string
  world: World
}

export const test = base.extend<Fixtures, { display: void }>({
  display: [
    async ({}, use) => {
      const server = process.env['DUPLEX_XVFB']
      const end = server === undefined ? undefined : await ownDisplay(server)
      await use()
      await end?.()
    },
    { scope: 'worker', auto: true },
  ],
  // eslint wants a parameter here; Playwright reads which fixtures are used from its pattern.
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'duplex-e2e-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  world: async ({ browser, folder }, use, testInfo) => {
    const relay = await startRelay(folder)
    const relays = [relay]
    const people: Person[] = []
    const browsers: Browser[] = []
    await use({
      folder,
      relay,
      async otherRelay() {
        const other = await startRelay(`${folder}/relay-${relays.length}`)
        relays.push(other)
        return other
      },
      async person(who, kind = 'browser', args = ['--relay', relay.address]) {
        const person = await openPerson(kind, { who, folder, args, browser })
        people.push(person)
        return person
      },
      async personWith(who, kind, { switches, permissions = [] }) {
        const own = kind === 'browser' ? await browserWith(switches) : browser
        if (own !== browser) browsers.push(own)
        const args = ['--relay', relay.address]
        const person = await openPerson(kind, { who, folder, args, browser: own, switches, permissions })
        people.push(person)
        return person
      },
    })
    const failed = testInfo.status !== testInfo.expectedStatus
    if (failed) await keepPictures(people, testInfo.outputDir)
    for (const person of people) await person.stop().catch(() => undefined)
    for (const own of browsers) await own.close()
    for (const one of relays) await one.stop()
    if (failed) keepFiles(folder, testInfo.outputDir)
    expect(people.flatMap((person) => person.problems)).toEqual([])
  },
})

export { expect }

async function keepPictures(people: Person[], folder: string): Promise<void> {
  for (const person of people) {
    const path = join(folder, `${person.who}.png`)
    await person.page.screenshot({ path, timeout: 5_000 }).catch(() => undefined)
  }
}

function keepFiles(folder: string, to: string): void {
  if (existsSync(join(folder, 'logs'))) cpSync(join(folder, 'logs'), join(to, 'logs'), { recursive: true })
  for (const name of readdirSync(folder))
    if (name.endsWith('.zip')) cpSync(join(folder, name), join(to, name))
}
