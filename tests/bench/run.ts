import { e2eStep } from '../tools/e2e-step.ts'
import { nearestOf } from '../../main/shared/arguments.ts'
import { run } from '../tools/steps.ts'
import { sayUsage } from '../tools/usage.ts'
import { benchQr } from './qr.ts'
import { benchRelay } from './relay.ts'
import { benchRequests } from './requests.ts'

/** `npm run bench -- <part> [options]`: figures of one part, against what bounds it on the same machine in the same run. */
const parts: Record<string, (args: string[]) => Promise<void>> = {
  relay: benchRelay,
  requests: benchRequests,
  async qr(args) {
    await benchQr(args)
    await inWindow('scanning')
  },
  typing: () => inWindow('typing'),
}

async function inWindow(name: string): Promise<void> {
  const step = e2eStep([name], 'tests/bench/window/playwright.config.ts')
  if (typeof step === 'string') throw new Error(step)
  if (!(await run(step, 'all'))) process.exitCode = 1
}

const USAGE = `usage: npm run bench -- ${Object.keys(parts).join('|')} [--small] [--json FILE] ...

  relay       what the relay costs, against a bare TLS echo on the same machine
  requests    2,000 requests from a script at one address, beside a contact that talks
  qr          how many codes the scanner reads and how fast, and what the window does meanwhile
  typing      from a key to the frame that shows it, while 200 requests arrive`

sayUsage(USAGE)
const [part = '', ...args] = process.argv.slice(2)
const bench = Object.hasOwn(parts, part) ? parts[part] : undefined
if (bench) {
  await bench(args)
} else {
  const nearest = nearestOf(part, Object.keys(parts))
  if (part !== '')
    console.error(`there is no part "${part}"${nearest === null ? '' : `. Did you mean ${nearest}?`}`)
  console.error(USAGE)
  process.exitCode = 64
}
