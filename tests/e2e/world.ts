import { test as base, expect } from '@playwright/test'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPerson, type HostKind, type Person } from './person.ts'
import { startRelay, type RelayProgram } from './programs.ts'

export interface World {
  /** Empty at the start, gone at the end. */
  folder: string
  relay: RelayProgram
  /** Somebody with a fresh data folder, on this world's relay unless told otherwise. */
  person(who: string, kind?: HostKind, args?: readonly string[]): Promise<Person>
}

interface Fixtures {
  folder: string
  world: World
}

export const test = base.extend<Fixtures>({
  // eslint wants a parameter here; Playwright reads which fixtures are used from its pattern.
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'duplex-e2e-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  world: async ({ browser, folder }, use, testInfo) => {
    const relay = await startRelay(folder)
    const people: Person[] = []
    await use({
      folder,
      relay,
      async person(who, kind = 'browser', args = ['--relay', relay.address]) {
        const person = await openPerson(kind, { who, folder, args, browser })
        people.push(person)
        return person
      },
    })
    const failed = testInfo.status !== testInfo.expectedStatus
    if (failed) await keepPictures(people, testInfo.outputDir)
    for (const person of people) await person.stop().catch(() => undefined)
    await relay.stop()
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
