import { benchRelay } from './relay.ts'

/** `npm run bench -- relay [options]`: figures of one part, against what bounds it on the same machine in the same run. */
const [part, ...args] = process.argv.slice(2)
if (part === 'relay') {
  await benchRelay(args)
} else {
  console.error('usage: npm run bench -- relay [--small] [--runs N] [--json FILE] ...')
  process.exitCode = 64
}
