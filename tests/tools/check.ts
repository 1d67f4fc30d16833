import { run, staticSteps, tool, type Step } from './steps.ts'

/** Each ends a program after every one of its commits, or loses every one of its commands: a minute of their own, in `npm test`. */
const THOROUGH = 'tests/unit/agent/{crash,address-crash,faults}.test.ts'

/** `npm run check`: types, lint, format, unused code, unit and property tests but the thorough ones; two at a time. */
const queue: Step[] = [
  ...staticSteps(),
  tool('unit and property tests', 'vitest/vitest.mjs', [
    'run',
    '--project',
    'unit',
    '--project',
    'property',
    '--reporter',
    'dot',
    '--exclude',
    THOROUGH,
  ]),
]

let failed = 0
async function work(): Promise<void> {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    if (!(await run(step, 'failures'))) failed += 1
  }
}
await Promise.all([work(), work()])
console.log(failed === 0 ? 'check: everything holds' : `check: ${failed} of the steps above failed`)
process.exitCode = failed === 0 ? 0 : 1
