import { e2eStep } from '../tools/e2e-step.ts'
import { run } from '../tools/steps.ts'
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

const [part = '', ...args] = process.argv.slice(2)
const bench = parts[part]
if (bench) {
  await bench(args)
} else {
  console.error(`usage: npm run bench -- ${Object.keys(parts).join('|')} [--small] [--json FILE] ...`)
  process.exitCode = 64
}
