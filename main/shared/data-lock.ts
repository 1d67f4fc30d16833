import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Another process works on the folder: the exit code of a program is then 2. api.md, "Programs" */
export class FolderInUse extends Error {
  constructor() {
    super('Another Duplex is already running on this data folder.')
    this.name = 'FolderInUse'
  }
}

export const EXIT_FOLDER_IN_USE = 2

/**
 * Makes the folder where it is missing, for its owner alone, and locks it. The lock is SQLite's own on a small file:
 * the operating system holds it and lets go when the process ends, however it ends. Throws `FolderInUse`.
 */
export function lockFolder(dir: string): { release(): void } {
  if (!existsSync(dir)) {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    chmodSync(dir, 0o700)
  }
  const path = join(dir, 'lock')
  closeSync(openSync(path, 'a', 0o600))
  const db = new Database(path, { timeout: 0 })
  try {
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
    if (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) throw new FolderInUse()
    throw error
  }
  return {
    release() {
      if (!db.open) return
      db.exec('ROLLBACK')
      db.close()
    },
  }
}
