import { sayUsage } from './usage.ts'
import { runInPairs, staticSteps, tool } from './steps.ts'

sayUsage(`usage: npm run check

Types, lint, format, unused code, unit and property tests but the thorough ones, in about a minute.`)

/** Each ends a program after every one of its commits, or loses every one of its commands: a minute of their own, in `npm test`. */
const THOROUGH = 'tests/unit/agent/{crash,address-crash,faults}.test.ts'

/** `npm run check`: types, lint, format, unused code, unit and property tests but the thorough ones; two at a time. */
const failed = await runInPairs([
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
])
console.log(failed === 0 ? 'check: everything holds' : `check: ${failed} of the steps above failed`)
process.exitCode = failed === 0 ? 0 : 1
