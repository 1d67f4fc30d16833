import { e2eStep } from './e2e-step.ts'
import { run } from './steps.ts'

/** `npm run test:e2e -- [arguments of Playwright]` */
const step = e2eStep(process.argv.slice(2))
if (typeof step === 'string') console.log(step)
process.exitCode = typeof step !== 'string' && (await run(step, 'all')) ? 0 : 1
