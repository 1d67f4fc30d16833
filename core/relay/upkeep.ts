/** What the relay does by itself from time to time: expiry, and connections that nobody uses. smp.md 2.6, 5.5 */
import { setImmediate } from 'node:timers'
import { TransportError } from '#core/transport'
import { EXPIRY_STEP } from './constants.ts'
import type { RelayCore } from './core.ts'
import type { Engine } from './engine.ts'

/** Starts both rounds; the returned function ends them. */
export function startUpkeep(core: RelayCore, engine: Engine): () => void {
  const { limits } = core
  const endExpiry = repeat(core, limits.expiryInterval, (stopped) => expireInSteps(core, stopped))
  const endIdle = repeat(core, limits.idleInterval, () => dropIdle(core, engine))
  return () => {
    endExpiry()
    endIdle()
  }
}

function repeat(core: RelayCore, ms: number, round: (stopped: () => boolean) => void): () => void {
  let over = false
  let cancel = (): void => {}
  const next = (): void => {
    cancel = core.clock.after(ms, () => {
      round(() => over)
      if (!over) next()
    })
  }
  next()
  return () => {
    over = true
    cancel()
  }
}

/** All at once, before anybody is connected. */
export function expireAll(core: RelayCore): void {
  for (let after: number | null = 0; after !== null;) after = expireStep(core, after)
}

function expireInSteps(core: RelayCore, stopped: () => boolean, after = 0): void {
  const next = expireStep(core, after)
  if (next !== null)
    setImmediate(() => {
      if (!stopped()) expireInSteps(core, stopped, next)
    })
}

/**
 * Messages are numbered in the order in which they came, so the first young one ends the search.
 * Returns where to go on, or null at the end.
 */
function expireStep(core: RelayCore, after: number): number | null {
  const { store, limits, clock } = core
  const now = clock.now()
  const before = now - limits.messageTtl
  return store.transaction(() => {
    store.notices.expire(now - limits.noticeTtl)
    const rows = store.messages.oldest(after, EXPIRY_STEP)
    const seen = new Set<number>()
    for (const row of rows) {
      if (row.sent_at >= before) return null
      if (seen.has(row.queue_no)) continue
      seen.add(row.queue_no)
      core.counters.expired += store.messages.expireHead(row.queue_no, before)
    }
    return rows.length < EXPIRY_STEP ? null : rows.at(-1)!.message_no
  })
}

function dropIdle(core: RelayCore, engine: Engine): void {
  const before = core.clock.now() - core.limits.idleTimeout
  for (const connection of engine.connections()) {
    const used = connection.subscriptions.size > 0 || connection.notifications.size > 0
    if (!used && connection.lastActive < before)
      connection.close(new TransportError('transport.closed', 'idle for too long', { by: 'us' }))
  }
}
