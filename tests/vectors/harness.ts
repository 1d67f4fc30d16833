import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromHex, toHex } from '#core/base'
import { cryptoReady } from '#core/crypto'

/**
 * Runs the shared interoperability vectors. The folder is `DUPLEX_VECTORS_DIR`, by default `../shared/vectors` beside
 * the repository; other files of the same formats run the same way. An absent file or list is skipped by name, a
 * present file that ran no case fails (unless all its cases are of a subject that comes later), and what is not
 * covered yet is named in the output.
 */
const repository = resolve(import.meta.dirname, '../..')
export const vectorsDir = resolve(repository, process.env['DUPLEX_VECTORS_DIR'] ?? '../shared/vectors')

export interface VectorFile {
  /** One test for all cases of a list; a value that is no list counts as one case. Return a reason: not covered yet. */
  list<T>(name: string, check: (item: T, index: number) => string | undefined | void): void
  /** A list whose subject this program does not have yet. */
  notCovered(name: string, reason: string): void
}

/** Lists that are no data. */
const ABOUT = ['name', 'description', 'provenance', 'note']

export function vectorFile(name: string, define: (file: VectorFile) => void): void {
  const path = resolve(vectorsDir, `${name}.json`)
  if (!existsSync(path)) {
    describe.skip(`${name}: no such file`, () => {
      it('has nothing to run', () => {})
    })
    return
  }
  const data = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  describe(name, () => {
    const report = new Report(name)
    const known = new Set(ABOUT)
    beforeAll(cryptoReady)
    define({
      list<T>(list: string, check: (item: T, index: number) => string | undefined | void) {
        known.add(list.split('.')[0]!)
        const value = pick(data, list)
        if (value === undefined) {
          report.absent(list)
          it.skip(`${list}: no such list`, () => {})
          return
        }
        const items = (Array.isArray(value) ? value : [value]) as T[]
        it(`${list}: ${items.length} cases`, () => runCases(report, list, items, check))
      },
      notCovered(list: string, reason: string) {
        known.add(list.split('.')[0]!)
        if (pick(data, list) === undefined) return
        report.later++
        report.notCovered(list, reason)
        it.skip(`${list}: not covered yet: ${reason}`, () => {})
      },
    })
    for (const list of Object.keys(data).filter((key) => !known.has(key))) {
      report.notCovered(list, 'a list that no test knows')
      it.skip(`${list}: not covered: no test knows this list`, () => {})
    }
    it('ran at least one case, or named why not', () => {
      expect(report.ran + report.later, `cases of ${name}.json that ran or come later`).toBeGreaterThan(0)
    })
    afterAll(() => report.print())
  })
}

/** Names of all files there are, without their ending. */
export function presentFiles(): string[] {
  if (!existsSync(vectorsDir)) return []
  return readdirSync(vectorsDir)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
}

function pick(data: Record<string, unknown>, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], data)
}

const MOST_SHOWN = 5

function runCases<T>(
  report: Report,
  list: string,
  items: readonly T[],
  check: (item: T, index: number) => string | undefined | void,
): void {
  const failures: string[] = []
  const later = new Map<string, number>()
  for (const [index, item] of items.entries()) {
    try {
      const reason = check(item, index)
      if (typeof reason === 'string') later.set(reason, (later.get(reason) ?? 0) + 1)
      else report.ran++
    } catch (error) {
      failures.push(
        `${list}[${index}]: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
    }
  }
  for (const [reason, count] of later)
    report.notCovered(`${list} (${count} of ${items.length} cases)`, reason)
  if (failures.length > 0) {
    throw new Error(
      `${failures.length} of ${items.length} cases fail\n${failures.slice(0, MOST_SHOWN).join('\n')}`,
    )
  }
}

class Report {
  readonly #name: string
  readonly #notes: string[] = []
  ran = 0
  /** Cases and lists whose subject comes later. */
  later = 0

  constructor(name: string) {
    this.#name = name
  }

  absent(list: string): void {
    this.#notes.push(`skipped, no such list: ${list}`)
  }

  notCovered(what: string, reason: string): void {
    this.#notes.push(`not covered yet: ${what}: ${reason}`)
  }

  print(): void {
    console.log([`${this.#name}: ${this.ran} cases`, ...this.#notes].join('; '))
  }
}

/* ---- what every file needs */

export const bytes = fromHex
export const hex = toHex

export function base64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}

export function expectBytes(actual: Uint8Array, expected: string): void {
  expect(toHex(actual)).toBe(expected)
}

/** `null` on both sides, or the same bytes. */
export function expectOptional(actual: Uint8Array | null, expected: string | null): void {
  expect(actual && toHex(actual)).toBe(expected)
}

export function expectRefused(fn: () => unknown, what: string): void {
  let value: unknown
  try {
    value = fn()
  } catch (error) {
    expect(error, `${what}: a typed error`).toHaveProperty('code')
    return
  }
  throw new Error(
    `accepted: ${what} as ${String(JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))).slice(0, 200)}`,
  )
}
