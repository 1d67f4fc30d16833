import { readFileSync } from 'node:fs'

/** How often to look, ms: a person or script that starts the program again at once finds the folder free. */
const LOOK_EVERY = 200

/**
 * Calls `onGone` once when the program that started this one is gone. `npm run` puts a shell in between, which passes no signal on:
 * without this, ending or killing npm would leave a process behind that holds the data folder.
 * Only for programs that npm started; any other parent may leave its children alone on purpose.
 */
export function watchLauncher(onGone: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const atStart = ancestors()
  const timer = setInterval(() => {
    const now = ancestors()
    if (now === null || now === atStart) return
    clearInterval(timer)
    onGone()
  }, LOOK_EVERY)
  timer.unref()
}

/** The shell's number, and npm's where the system tells. Both change when either is gone. Null: nobody can look now. */
function ancestors(): string | null {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'latin1')
    // pid (name) state ppid ...; the name may hold spaces and brackets. proc(5)
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}`
  } catch (error) {
    // Out of file descriptors: that says nothing of anybody else.
    if (['EMFILE', 'ENFILE'].includes(String((error as { code?: unknown }).code))) return null
    return `${process.ppid}`
  }
}
