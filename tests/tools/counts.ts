import { existsSync, readFileSync } from 'node:fs'

export interface Counts {
  passed: number
  failed: number
  skipped: number
  skippedNames: string[]
}

export const none = (): Counts => ({ passed: 0, failed: 0, skipped: 0, skippedNames: [] })

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    skippedNames: [...a.skippedNames, ...b.skippedNames],
  }
}

interface VitestReport {
  testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[]
}

export function vitestCounts(file: string): Counts {
  if (!existsSync(file)) return none()
  const counts = none()
  for (const { status, assertionResults } of (read(file) as VitestReport).testResults) {
    // A file that broke before its first test counts as one failure.
    if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed')) counts.failed += 1
    for (const test of assertionResults) {
      if (test.status === 'passed') counts.passed += 1
      else if (test.status === 'failed') counts.failed += 1
      else {
        counts.skipped += 1
        counts.skippedNames.push(test.fullName)
      }
    }
  }
  return counts
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
}

export function playwrightCounts(file: string): Counts {
  if (!existsSync(file)) return none()
  const { expected, unexpected, flaky, skipped } = (read(file) as PlaywrightReport).stats
  return { passed: expected + flaky, failed: unexpected, skipped, skippedNames: [] }
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
