import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '#core/base'
import { generateEd25519, systemRandom } from '#core/crypto'
import type { AuthKey } from '#core/protocol'
import { openRelayStore } from '../../core/relay/store/database.ts'

export interface Filled {
  /** Recipient ids, as many as asked for. */
  readonly rcvIds: readonly Uint8Array[]
  /** Of all of them: what a signature costs does not depend on whose key it is. */
  readonly rcvKey: AuthKey
}

const DAY = 86_400_000
const ROWS_PER_COMMIT = 10_000
/** Small, so that the number of messages is what counts; real ones have 16 KiB. */
const BODY = 64

/** Queues and messages straight into the database of a relay that does not run. */
export function fillStore(dataDir: string, queues: number, messages: number, ids: number): Filled {
  const path = join(dataDir, 'relay.db')
  closeSync(openSync(path, 'a', 0o600))
  const now = systemClock.now()
  const store = openRelayStore(path, now)
  const { publicKey, privateKey } = generateEd25519(systemRandom)
  const rcvIds: Uint8Array[] = []
  inPortions(store, queues, (count) => {
    const rcvId = systemRandom.bytes(24)
    if (count < ids) rcvIds.push(rcvId)
    store.queues.insert({
      rcvId,
      sndId: systemRandom.bytes(24),
      rcvKeys: [{ algorithm: 'ed25519', raw: publicKey }],
      rcvDhSecret: systemRandom.bytes(32),
      mode: 'M',
      notifier: null,
      usedDay: Math.floor(now / DAY),
    })
  })
  // The last queues have them: those that are subscribed to later stay empty, so that only answers come.
  inPortions(store, messages, (count) => {
    store.messages.append(queues - (count % Math.max(1, queues - ids)), {
      seq: Math.floor(count / Math.max(1, queues - ids)) + 1,
      msgId: systemRandom.bytes(24),
      sentAt: now,
      kind: 'message',
      notify: false,
      body: new Uint8Array(BODY),
    })
  })
  store.close()
  return { rcvIds, rcvKey: { algorithm: 'ed25519', privateKey } }
}

function inPortions(
  store: ReturnType<typeof openRelayStore>,
  total: number,
  add: (count: number) => void,
): void {
  for (let from = 0; from < total; from += ROWS_PER_COMMIT)
    store.transaction(() => {
      for (let count = from; count < Math.min(total, from + ROWS_PER_COMMIT); count++) add(count)
    })
}
