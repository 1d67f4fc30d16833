/** What the relay does by itself from time to time: expiry, and connections that nobody uses. smp.md 2.6, 5.5 */
import { setImmediate } from 'node:timers'
import type { Millis } from '#core/base'
import { TransportError } from '#core/transport'
import { EXPIRY_STEP, MILLIS_PER_DAY } from './constants.ts'
import { type RelayCore, tellEvent } from './core.ts'
import type { Engine } from './engine.ts'

/** Starts both rounds; the returned function ends them. */
export function startUpkeep(core: RelayCore, engine: Engine): () => void {
  const { limits } = core
  const endExpiry = repeat(core, limits.expiryInterval, (stopped) => expireInSteps(core, stopped))
  const endUnused = repeat(core, limits.expiryInterval, (stopped) => dropUnusedInSteps(core, stopped))
  const endLate = repeat(core, limits.blockInterval, () => dropLate(core, engine))
  const endIdle = repeat(core, limits.idleInterval, () => dropIdle(core, engine))
  return () => {
    endExpiry()
    endUnused()
    endLate()
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

/** Before anybody is connected, so there is nobody to tell. */
export function dropAllUnused(core: RelayCore): void {
  while (dropUnusedStep(core));
}

function dropUnusedInSteps(core: RelayCore, stopped: () => boolean): void {
  const more = dropUnusedStep(core)
  for (const connection of core.touched) connection.flush()
  if (more)
    setImmediate(() => {
      if (!stopped()) dropUnusedInSteps(core, stopped)
    })
}

/** Returns whether there may be more. Whoever is still subscribed uses the queue, though it never asked again. */
function dropUnusedStep(core: RelayCore): boolean {
  const { store, subscriptions, limits, clock } = core
  const now = clock.now()
  const beforeDay = Math.floor((now - limits.queueTtl) / MILLIS_PER_DAY)
  core.touched = new Set()
  return store.transaction(() => {
    const numbers = store.queues.unused(beforeDay, EXPIRY_STEP)
    for (const no of numbers) {
      if (subscriptions.recipient(no)) {
        store.queues.touch(no, Math.floor(now / MILLIS_PER_DAY))
        continue
      }
      const queue = store.queues.byNo(no)
      store.queues.remove(no)
      const notifier = subscriptions.dropNotifier(no)
      if (notifier && queue?.notifier) tellEvent(core, notifier, queue.notifier.id, { type: 'DELD' })
      core.queueCount--
      core.counters.queuesExpired++
    }
    return numbers.length === EXPIRY_STEP
  })
}

/**
 * A block that has begun and does not end: reading it costs memory, and whoever sends it so is not talking.
 * And one that is not answered in time, of somebody who asks for more than his share: he may be gone long ago, which
 * nobody notices while nothing is read from him.
 */
function dropLate(core: RelayCore, engine: Engine): void {
  const { clock, limits } = core
  const now = clock.now()
  const late = (since: Millis | null, limit: Millis): boolean => since !== null && since < now - limit
  for (const connection of engine.connections()) {
    const { partialSince } = connection.session.blocks
    if (late(partialSince, limits.blockTimeout))
      connection.close(new TransportError('transport.closed', 'a block that does not end', { by: 'us' }))
    else if (connection.account.credit < 0 && late(connection.waitingSince, limits.turnTimeout))
      connection.close(new TransportError('transport.closed', 'more work than its share', { by: 'us' }))
  }
}

function dropIdle(core: RelayCore, engine: Engine): void {
  const before = core.clock.now() - core.limits.idleTimeout
  for (const connection of engine.connections()) {
    const used = connection.subscriptions.size > 0 || connection.notifications.size > 0
    if (!used && connection.lastActive < before)
      connection.close(new TransportError('transport.closed', 'idle for too long', { by: 'us' }))
  }
}
