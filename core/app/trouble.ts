import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isAppError } from '#core/base'
import { ContractFailure } from '#core/contract'
import type { App, ErrorCode, StartTrouble } from '#core/contract'

/** Why the data folder cannot be used now. */
export interface Trouble extends StartTrouble {
  readonly state: Exclude<App['state'], 'ready' | 'locked'>
}

/** Bytes that must fit before a full disk counts as one with room again: some transactions and their copies. */
const ROOM = 1_048_576
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG']
const FORBIDDEN = ['EACCES', 'EPERM', 'EROFS']

/** A full disk is noticed at a start, before the first thing that cannot be kept. */
export function hasLittleRoom(dataDir: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dataDir)
    return bavail * bsize < ROOM
  } catch {
    return false // a system that does not tell
  }
}

/** Which file stands in the place of the database; null: none, or a system that does not tell. */
export function fileIn(dataDir: string): string | null {
  try {
    const { dev, ino } = statSync(join(dataDir, 'duplex.db'), { bigint: true })
    return ino === 0n ? null : `${dev} ${ino}`
  } catch {
    return null
  }
}

export function goneTrouble(dataDir: string): Trouble {
  return trouble('damaged', 'no-folder', dataDir, 'gone while it was open')
}

/** What keeps the folder from being written, found out by writing there; null when nothing does. */
export function probeFolder(dataDir: string): Trouble | null {
  const path = join(dataDir, 'probe')
  try {
    const file = openSync(path, 'w', 0o600)
    try {
      const piece = new Uint8Array(65_536)
      for (let written = 0; written < ROOM; written += piece.length) writeSync(file, piece)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    return null
  } catch (error) {
    return ofSystem(error, dataDir)
  } finally {
    forget(path)
  }
}

function forget(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // in a folder that may not be written there is none
  }
}

/** What a start or a transaction that failed means for the person; null: a fault of ours, and none of the folder. */
export function troubleOf(error: unknown, dataDir: string): Trouble | null {
  // A table or column is not there that every version of the file has had.
  if (error instanceof Error && 'code' in error && error.code === 'SQLITE_ERROR')
    return trouble('damaged', 'unreadable', dataDir, 'SQLITE_ERROR')
  if (!isAppError(error)) return ofSystem(error, dataDir)
  const facts = `${error.code} ${JSON.stringify(error.facts)}`
  switch (error.code) {
    // of whoever claims folders for a program
    case 'folder.taken':
      return trouble('in-use', 'in-use', dataDir, facts)
    case 'store.locked':
      return trouble('in-use', 'in-use', dataDir, facts)
    case 'store.newer':
      return trouble('newer', 'newer', dataDir, facts)
    case 'store.missing':
      return trouble('damaged', 'missing', dataDir, facts)
    case 'store.foreign':
      return trouble('damaged', 'foreign', dataDir, facts)
    case 'store.corrupt':
      // An index of words that does not fit is not the data.
      if (error.facts['result'] === 'SQLITE_CORRUPT_VTAB') return null
      return trouble('damaged', causeOf(error.facts['reason']), dataDir, facts)
    case 'store.full':
      return trouble('disk-full', 'disk-full', dataDir, facts)
    case 'store.read-only':
      return trouble('read-only', 'read-only', dataDir, facts)
    case 'store.failed':
      return probeFolder(dataDir) ?? unwritableFile(dataDir) ?? trouble('damaged', 'io', dataDir, facts)
    default:
      return ofSystem(error.cause, dataDir)
  }
}

function causeOf(reason: unknown): StartTrouble['cause'] {
  return reason === 'empty' || reason === 'not-a-file' || reason === 'foreign-journal' ? reason : 'unreadable'
}

function unwritableFile(dataDir: string): Trouble | null {
  try {
    closeSync(openSync(join(dataDir, 'duplex.db'), 'r+'))
    return null
  } catch (error) {
    return ofSystem(error, dataDir)
  }
}

/** By the word of the operating system. */
function ofSystem(error: unknown, dataDir: string): Trouble | null {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return null
  if (FULL.includes(code)) return trouble('disk-full', 'disk-full', dataDir, code)
  if (FORBIDDEN.includes(code)) return trouble('read-only', 'read-only', dataDir, code)
  if (['EIO', 'ENXIO', 'ESTALE', 'EMFILE', 'ENFILE'].includes(code))
    return trouble('damaged', 'io', dataDir, code)
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EEXIST', 'EISDIR', 'ENAMETOOLONG', 'EINVAL'].includes(code))
    return trouble('damaged', 'no-folder', dataDir, code)
  return null
}

function trouble(
  state: Trouble['state'],
  cause: StartTrouble['cause'],
  dataDir: string,
  why: string,
): Trouble {
  return { state, cause, details: [`${state}: ${cause}`, why, ...sizes(dataDir)].join('\n') }
}

/** What helps whoever is asked for help: sizes and room, and neither a path nor a name. */
function sizes(dataDir: string): string[] {
  const lines = ['duplex.db', 'duplex.db-wal'].map((name) => {
    const stat = statOf(join(dataDir, name))
    return `${name}: ${stat === null ? 'cannot be seen' : stat}`
  })
  try {
    const { bavail, bsize } = statfsSync(dataDir)
    lines.push(`free: ${bavail * bsize} bytes`)
  } catch {
    // the folder cannot be seen at all
  }
  return lines
}

function statOf(path: string): string | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat) return 'not there'
    return `${stat.isFile() ? `${stat.size} bytes` : 'not a file'}, mode ${(stat.mode & 0o777).toString(8)}`
  } catch {
    return null
  }
}

interface Said {
  readonly code: ErrorCode
  readonly reason: string
  readonly message: string
}

const DAMAGED = 'Nothing was changed. Copy the folder before you do anything else.'
const SAID: Readonly<Record<StartTrouble['cause'], Said>> = {
  'in-use': {
    code: 'STORE',
    reason: 'in-use',
    message:
      'Another Duplex is already running on this data folder. Use that one, or close it and try again.',
  },
  newer: {
    code: 'STORE',
    reason: 'newer',
    message:
      'A newer Duplex used this data, and this one does not know its form. Nothing was changed. Use the newer one.',
  },
  unreadable: {
    code: 'STORE',
    reason: 'damaged',
    message: `The file duplex.db in the data folder is damaged or is no database. ${DAMAGED}`,
  },
  empty: {
    code: 'STORE',
    reason: 'damaged',
    message: `The file duplex.db in the data folder is empty, and Duplex never leaves it so. ${DAMAGED}`,
  },
  'not-a-file': {
    code: 'STORE',
    reason: 'damaged',
    message: `Where duplex.db should be in the data folder, there is something that is no file. ${DAMAGED}`,
  },
  'foreign-journal': {
    code: 'STORE',
    reason: 'damaged',
    message:
      'The file duplex.db-wal in the data folder belongs to another database. Nothing was changed. Move it away, or put the one in its place that belongs there.',
  },
  missing: {
    code: 'STORE',
    reason: 'damaged',
    message:
      'The file duplex.db is missing from the data folder, while other files of this Duplex are there. Nothing was changed. Put the file back, or use another folder.',
  },
  foreign: {
    code: 'STORE',
    reason: 'damaged',
    message:
      'The file duplex.db in the data folder is a database of another program. Nothing was changed. Use another folder.',
  },
  io: {
    code: 'STORE',
    reason: 'io',
    message:
      'The disk with the data folder cannot be read or written. Nothing was changed. Check the disk, then try again.',
  },
  'no-folder': {
    code: 'STORE',
    reason: 'io',
    message:
      'The data folder is not there, or something else is in its place. Nothing was changed. Put it back, or use another folder.',
  },
  'read-only': {
    code: 'STORE_READ_ONLY',
    reason: 'store-read-only',
    message: 'The data folder may not be written to. Nothing was changed. Allow it, then try again.',
  },
  'disk-full': {
    code: 'STORE_FULL',
    reason: 'store-full',
    message: 'The disk with the data folder is full. Nothing was lost. Make room, then try again.',
  },
}

/** One sentence on what is wrong, what is safe and what to do. */
export function troubleText(cause: StartTrouble['cause']): string {
  return SAID[cause].message
}

/** What a door answers to whatever needs the data. */
export function troubleFailure({ cause }: Trouble): ContractFailure {
  const { code, reason, message } = SAID[cause]
  return new ContractFailure(code, message, { retryable: true }, { reason })
}
