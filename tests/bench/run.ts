import { benchQr } from './qr.ts'
import { benchRelay } from './relay.ts'
import { benchRequests } from './requests.ts'

/** `npm run bench -- <part> [options]`: figures of one part, against what bounds it on the same machine in the same run. */
const parts: Record<string, (args: string[]) => Promise<void>> = {
  relay: benchRelay,
  requests: benchRequests,
  qr: benchQr,
}
const [part = '', ...args] = process.argv.slice(2)
const bench = parts[part]
if (bench) {
  await bench(args)
} else {
  console.error(`usage: npm run bench -- ${Object.keys(parts).join('|')} [--small] [--json FILE] ...`)
  process.exitCode = 64
}
