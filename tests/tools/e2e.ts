import { sayUsage } from './usage.ts'
import { e2eStep } from './e2e-step.ts'
import { run } from './steps.ts'

sayUsage(`usage: npm run test:e2e -- [FILE]... [-g TITLE] [other arguments of "playwright test"]

The window in real Chromium and Electron. DUPLEX_ELECTRON names an Electron, DUPLEX_TRACE=1 keeps traces.`)

/** `npm run test:e2e -- [arguments of Playwright]` */
const step = e2eStep(process.argv.slice(2))
if (typeof step === 'string') console.log(step)
process.exitCode = typeof step !== 'string' && (await run(step, 'all')) ? 0 : 1
