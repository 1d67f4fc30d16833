import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'

/**
 * One folder after the other from the first that is there: where the system knows no folders of ours (`/proc`), Node's own
 * `recursive` goes on for ever. Throws what the system says.
 */
export function makeFolder(dir: string): void {
  const missing: string[] = []
  let at = dir
  while (!isFolder(at)) {
    missing.unshift(at)
    const above = dirname(at)
    if (above === at) break
    at = above
  }
  for (const folder of missing) {
    mkdirSync(folder, { mode: 0o700 })
    chmodSync(folder, 0o700) // whatever the mask of the process is
  }
}

/** False: nothing is there. Something that is no folder throws, and so does what may not be looked at. */
function isFolder(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined || stat.isDirectory()) return stat !== undefined
  throw Object.assign(new Error('something else is in the place of the folder'), { code: 'ENOTDIR' })
}

/* ---- another folder than the usual one */

/** Beside the usual folder, and not in it: that one may be what cannot be used. */
const chosenFile = (usual: string): string => `${usual}.chosen`

/** The folder that somebody chose in the window to be opened by itself from then on; null: none. */
export function chosenFolder(usual: string): string | null {
  try {
    const path = readFileSync(chosenFile(usual), 'utf8').trim()
    return isAbsolute(path) && path !== usual ? path : null
  } catch {
    return null
  }
}

/** False: it could not be written down, and the usual folder is opened at the next start. */
export function rememberFolder(usual: string, folder: string): boolean {
  try {
    writeFileSync(chosenFile(usual), `${folder}\n`, { mode: 0o600 })
    return true
  } catch {
    return false
  }
}

/** The name of a folder that is not there yet: beside this one, or at home where nothing can be made there. */
export function freshFolder(dir: string): string {
  const at = isWritable(dirname(dir)) ? dir : join(homedir(), basename(dir))
  for (let number = 2; ; number++) {
    const name = `${at}-${number}`
    if (!existsSync(name)) return name
  }
}

/** Where Duplex works when somebody points at this folder: in it, or in one of its own where other things are. */
export function workFolder(picked: string): string {
  const folder = resolve(picked)
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.length === 0 || names.includes('duplex.db') ? folder : join(folder, 'Duplex')
}

export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
