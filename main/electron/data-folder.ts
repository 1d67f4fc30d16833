import { app, dialog, shell, type BrowserWindow } from 'electron'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshFolder, isWritable, makeFolder, rememberFolder, workFolder } from '../shared/folder.ts'
import { mustExist, usualFolder, type HostOptions } from '../shared/options.ts'

/** Chromium writes at every start; with less room than this it fails in ways that say nothing. */
const ROOM = 8 * 1_048_576

/**
 * Where Chromium's own files are: inside the data folder, so that two folders are two programs and deleting one leaves
 * nothing. Where that cannot be written, in a folder of its own that is gone at the end: the window has to say why.
 */
export function windowFolder(options: HostOptions): string {
  const { dataDir } = options
  try {
    // For its owner alone, before Chromium makes it for everybody.
    if (!mustExist(options)) makeFolder(dataDir)
    const { bavail, bsize } = statfsSync(dataDir)
    if (isWritable(dataDir) && bavail * bsize > ROOM) return join(dataDir, 'window')
  } catch {
    // the page says what is wrong
  }
  const passing = mkdtempSync(join(tmpdir(), 'duplex-window-'))
  process.once('exit', () => rmSync(passing, { recursive: true, force: true }))
  return passing
}

interface FolderShell {
  window(): BrowserWindow | null
  /** Ends the core, so that the folder is let go of. */
  stop(): Promise<void>
}

/** What the window asks about the data folder. Nothing of it changes the folder that is there. */
export function folderDeeds(options: HostOptions, shellOf: FolderShell): (deed: unknown) => Promise<unknown> {
  return async (deed) => {
    switch (deed) {
      case 'open':
        return (await shell.openPath(options.dataDir)) === '' ? options.dataDir : null
      case 'fresh':
        return freshFolder(options.dataDir)
      case 'startFresh':
        return beginIn(options, freshFolder(options.dataDir), shellOf)
      case 'choose':
        return choose(options, shellOf)
      case 'quit':
        app.quit()
        return null
      default:
        throw new Error('unknown request')
    }
  }
}

async function choose(options: HostOptions, shellOf: FolderShell): Promise<string | null> {
  const window = shellOf.window()
  if (window === null) return null
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Choose a data folder',
    buttonLabel: 'Use this folder',
    properties: ['openDirectory', 'createDirectory', 'showHiddenFiles'],
  })
  const [picked] = filePaths
  if (canceled || picked === undefined) return null
  const folder = workFolder(picked)
  return folder === options.dataDir ? null : beginIn(options, folder, shellOf)
}

/** This program ends and comes back with the other folder. What started it says so again, or the program does itself. */
async function beginIn(options: HostOptions, folder: string, { stop }: FolderShell): Promise<string> {
  makeFolder(folder)
  const remembered = !options.dataGiven && rememberFolder(usualFolder(), folder)
  await stop()
  if (process.env['DUPLEX_STARTER'] !== undefined) {
    const data = { dataDir: remembered ? null : folder }
    process.stdout.write(`${JSON.stringify({ event: 'host.again', data })}\n`)
  } else {
    // What is mounted for the time of a run is gone at its end; the file that it came from is not.
    const execPath = process.env['APPIMAGE'] ?? process.execPath
    app.relaunch({
      execPath,
      args: [...withoutData(process.argv.slice(1)), ...(remembered ? [] : ['--data', folder])],
    })
  }
  app.exit(0)
  return folder
}

function withoutData(args: readonly string[]): string[] {
  return args.filter(
    (arg, index) => arg !== '--data' && !arg.startsWith('--data=') && args[index - 1] !== '--data',
  )
}
