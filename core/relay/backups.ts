import { join } from 'node:path'
import type { Millis } from '#core/base'
import { RelayError } from './errors.ts'
import { type RelayStore, openRelayStore } from './store/database.ts'

/** Copies of the database of a running relay, one at a time; a stop gives up the one that is being made. */
export class Backups {
  readonly #store: RelayStore
  readonly #stopping: AbortSignal
  #running: Promise<void> | null = null

  constructor(store: RelayStore, stopping: AbortSignal) {
    this.#store = store
    this.#stopping = stopping
  }

  async make(path: string): Promise<void> {
    if (this.#running) throw new RelayError('relay.backup', 'a backup is being made already')
    this.#running = this.#store.backup(path, this.#stopping)
    try {
      await this.#running
    } finally {
      this.#running = null
    }
  }

  /** Nobody reads from the database any more. */
  async settled(): Promise<void> {
    await this.#running?.catch(() => {})
  }
}

/** The same for a relay that does not run. Throws `RelayError` 'relay.store' when it does. */
export async function backUpFile(dataDir: string, path: string, now: Millis): Promise<void> {
  const store = openRelayStore(join(dataDir, 'relay.db'), now)
  try {
    await store.backup(path, new AbortController().signal)
  } finally {
    store.close()
  }
}
