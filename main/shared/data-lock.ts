import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '#core/base'
import { makeFolder } from './folder.ts'

/** Another process works on the folder: the exit code of a program is then 2. api.md, "Programs" */
export class FolderInUse extends AppError {
  constructor() {
    super('folder.taken', 'Another Duplex is already running on this data folder.')
    this.name = 'FolderInUse'
  }
}

/**
 * Makes the folder where it is missing, for its owner alone, and locks it. The lock is SQLite's own on a small file:
 * the operating system holds it and lets go when the process ends, however it ends. Throws `FolderInUse`, or what the
 * system says about the folder.
 */
export function lockFolder(dir: string, make = true): { release(): void } {
  if (make) makeFolder(dir)
  const path = join(dir, 'lock')
  closeSync(openSync(path, 'a', 0o600))
  const db = new Database(path, { timeout: 0 })
  try {
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
    if (typeof code !== 'string' || !code.startsWith('SQLITE_')) throw error
    if (code.startsWith('SQLITE_BUSY')) throw new FolderInUse()
    throw new AppError('store.failed', 'the folder cannot be locked', { result: code }, { cause: error })
  }
  return {
    release() {
      if (!db.open) return
      db.exec('ROLLBACK')
      db.close()
    },
  }
}
