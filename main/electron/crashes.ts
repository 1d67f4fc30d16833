import { app, crashReporter, type BrowserWindow } from 'electron'
import {
  appendFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../shared/folder.ts'
import { sayStumbled } from './warnings.ts'

/** As many reports as are kept, and as many lines of the list. */
const REPORTS = 5
const LINES = 100
/** Not more often than this does a page come back by itself, ms. */
const CRASHED_AGAIN = 30_000

/**
 * What is left of a crash stays in the data folder and is sent nowhere: a picture of the memory in use at that moment,
 * which may hold pieces of what was on the screen, and a list of what ended when. Call before the app is ready.
 */
export function keepCrashReports(folder: string): void {
  try {
    makeFolder(folder)
    prune(folder)
    app.setPath('crashDumps', folder)
    app.on('child-process-gone', (_event, { type, reason, exitCode }) => {
      if (reason !== 'clean-exit') noteCrash(folder, { what: type, reason, code: exitCode })
    })
    crashReporter.start({ uploadToServer: false, compress: false, ignoreSystemCrashHandler: false })
  } catch {
    // Without reports Duplex works as well.
  }
}

/** A page that crashed comes back and says so; one that does so again and again is left to the person. */
export function followCrashes(window: BrowserWindow, folder: string, cameBack: () => void): void {
  let last = 0
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    noteCrash(folder, { what: 'window', reason, code: exitCode })
    const again = Date.now() - last < CRASHED_AGAIN
    last = Date.now()
    if (again) return sayStumbled(window)
    window.webContents.once('did-finish-load', cameBack)
    // Not from within the news of its end, at which Chromium still takes the old page down.
    setImmediate(() => {
      if (!window.isDestroyed()) window.webContents.reload()
    })
  })
}

/** One line for what ended, without a name, a path or a text. */
export function noteCrash(folder: string, what: Readonly<Record<string, string | number | null>>): void {
  const file = join(folder, 'list.jsonl')
  try {
    const line = JSON.stringify({ time: new Date().toISOString(), version: app.getVersion(), ...what })
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
    if (lines.length >= LINES) writeFileSync(file, `${lines.slice(-LINES / 2).join('\n')}\n`, { mode: 0o600 })
    appendFileSync(file, `${line}\n`, { mode: 0o600 })
  } catch {
    // A folder that cannot be written has its own page.
  }
}

function prune(folder: string): void {
  const reports = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.dmp'))
    .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .toSorted((a, b) => b.at - a.at)
  for (const { path } of reports.slice(REPORTS)) {
    rmSync(path, { force: true })
    rmSync(path.replace(/\.dmp$/, '.meta'), { force: true })
  }
}
