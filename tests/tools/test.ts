import { sayUsage } from './usage.ts'
import { mkdirSync, rmSync } from 'node:fs'
import { testElectron } from './electron.ts'
import { e2eStep } from './e2e-step.ts'
import { addCounts, none, playwrightCounts, vitestCounts, type Counts } from './counts.ts'
import { root, run, runInPairs, staticSteps, tool } from './steps.ts'

/**
 * `npm test`: everything, one kind after the other, going on after a failure so that one run tells all. It ends with
 * how many tests of each kind ran and one plain line.
 */
sayUsage(`usage: npm test

Types, lint, format, unused code and every kind of test, one after the other; it takes some twenty minutes on two cores.
One kind alone: npm run test:unit, test:vectors, test:integration, test:e2e. What failed leaves its traces in test-results.`)
const results = `${root}test-results`
const kinds: { name: string; counts: Counts }[] = []
let broken = 0

rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

broken += await runInPairs(staticSteps())

for (const kind of ['unit', 'property', 'vectors', 'integration']) await vitest(kind, kind)
const electron = testElectron()
if (electron !== null) {
  // The same sources under Electron's runtime, whose cryptography is another library.
  await vitest('vectors in Electron', 'vectors', electron.binary)
}
await endToEnd()
report()

async function vitest(name: string, project: string, runtime?: string): Promise<void> {
  const output = `${results}/${name.replaceAll(' ', '-')}.json`
  const step = tool(
    name,
    'vitest/vitest.mjs',
    [
      'run',
      '--project',
      project,
      '--reporter',
      'default',
      '--reporter',
      'json',
      `--outputFile.json=${output}`,
    ],
    runtime === undefined ? undefined : { ELECTRON_RUN_AS_NODE: '1' },
  )
  const ok = await run(runtime === undefined ? step : { ...step, command: runtime }, 'all')
  keep(name, vitestCounts(output), ok)
}

async function endToEnd(): Promise<void> {
  const output = `${results}/e2e.json`
  const step = e2eStep([])
  if (typeof step === 'string') {
    console.log(`FAILED e2e: ${step}`)
    broken += 1
    return
  }
  const ok = await run({ ...step, env: { ...step.env, DUPLEX_E2E_REPORT: output } }, 'all')
  keep('e2e', playwrightCounts(output), ok)
}

/** A run that failed without a failed test (it could not start, a hook broke) must not look green. */
function keep(name: string, counts: Counts, ok: boolean): void {
  kinds.push({ name, counts })
  if (!ok && counts.failed === 0) broken += 1
}

function report(): void {
  const total = kinds.reduce((sum, { counts }) => addCounts(sum, counts), none())
  console.log('')
  for (const { name, counts } of kinds) {
    console.log(
      `${name.padEnd(20)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
    )
    for (const title of counts.skippedNames) console.log(`  skipped: ${title}`)
  }
  if (broken > 0) console.log(`${broken} steps failed, see FAILED above`)
  console.log(`${total.passed} passed, ${total.failed + broken} failed, ${total.skipped} skipped`)
  process.exitCode = total.failed + broken === 0 && total.passed > 0 ? 0 : 1
}
