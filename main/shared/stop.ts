import { fstatSync } from 'node:fs'
import { watchLauncher } from './launcher.ts'

/** api.md "Programs": a program that is told to stop is gone within 5 s; what is not done by then is durable anyway. */
const STOP_MS = 4_500

/**
 * Everything that means "end now", once: signals, a closed terminal, npm that is gone, the end of stdin where somebody
 * holds its other end (`/dev/null` and a terminal say nothing by ending), and answers that nobody reads any more.
 * `codeNow` is asked at the end.
 */
export function stopOnRequest(
  stop: () => Promise<void>,
  codeNow: () => number,
  stdin: 'pipes' | 'always',
): () => void {
  let stopping = false
  const once = (): void => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(codeNow()), STOP_MS).unref()
    stop().then(
      () => process.exit(codeNow()),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, once)
  process.stdout.on('error', once)
  toleratesLostLogs()
  watchLauncher(once)
  const input = fstatSync(0, { throwIfNoEntry: false })
  if (stdin === 'always' || input?.isFIFO() || input?.isSocket()) {
    process.stdin.on('end', once).on('error', once)
    // What is said there is somebody else's to read, or nobody's.
    if (stdin === 'pipes') process.stdin.resume()
  }
  return once
}

/** Logs that go nowhere (a terminal that was closed) end nothing. Nor does the signal by which Node opens a debugger. */
export function toleratesLostLogs(): void {
  process.stderr.on('error', () => undefined)
  process.on('SIGUSR1', () => undefined)
}
