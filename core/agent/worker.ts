import { isAppError, shortId, type Millis } from '#core/base'
import { formatRelayAddress, parseRelayAddress, relayKey } from '#core/protocol'
import { deliveriesOf, removeDelivery, removeSent, type SndQueue } from '#core/store'
import {
  FAST_RETRY,
  MESSAGE_TIMEOUT,
  NEW_QUEUE_ATTEMPTS,
  OWN_ATTEMPTS,
  QUOTA_TIMEOUT,
  SLOW_RETRY,
} from './constants.ts'
import type { Context } from './context.ts'
import { classify, type Failure } from './failures.ts'
import { failConnection } from './lifecycle.ts'
import { linkDataRefused } from './own-links.ts'
import { keepRelay, perform, relaysOf } from './perform.ts'
import { Backoff } from './retry.ts'
import { queueRefused } from './rotation.ts'
import { isTest, nextStep, stepName, usesNewQueue, type Step, type StepOf } from './steps.ts'
import type { ConnId, ConnectionInfo, Waiting } from './types.ts'

/**
 * Does the steps of one connection, one after another, each as often as it takes. There is at most one request of a
 * connection on its way, so its messages leave in order.
 */
export class ConnectionWorker {
  readonly #ctx: Context
  readonly #connId: ConnId
  readonly #acking: ReadonlySet<number>
  readonly #backoff = new Backoff()
  #failed: { step: string; relays: readonly string[]; retryAt: Millis } | null = null
  #waiting: ConnectionInfo['waiting'] = null
  /** Relays of ours that were asked for a queue since somebody had reason to hope: each once before the first again. */
  readonly #refused = new Set<string>()
  #ownFailures = 0
  #newQueueFailures = 0
  #interrupt: (() => void) | null = null
  #running: Promise<void> | null = null

  constructor(ctx: Context, connId: ConnId, acking: ReadonlySet<number>) {
    this.#ctx = ctx
    this.#connId = connId
    this.#acking = acking
  }

  get waiting(): ConnectionInfo['waiting'] {
    return this.#waiting
  }

  /** The silence of the relay with that key keeps it waiting. */
  waitsForRelay(key: string): boolean {
    return this.#waiting?.for !== 'peer' && this.#failed !== null && this.#failed.relays.includes(key)
  }

  get done(): Promise<void> {
    return this.#running ?? Promise.resolve()
  }

  wake(hurry: boolean): void {
    if (hurry && this.#failed) {
      this.#failed.retryAt = 0
      this.#refused.clear()
    }
    if (!this.#running) {
      this.#running = this.#run().finally(() => {
        this.#running = null
      })
      return
    }
    this.#interrupt?.()
  }

  async #run(): Promise<void> {
    // Never inside the transaction or the call that woke it.
    await Promise.resolve()
    for (;;) {
      if (this.#ctx.signal.aborted) return
      try {
        const step = this.#ctx.store.read((db) =>
          nextStep(db, this.#connId, {
            now: this.#ctx.clock.now(),
            acking: this.#acking,
            newQueueFails: this.#newQueueFailures >= NEW_QUEUE_ATTEMPTS,
          }),
        )
        if (!step) return this.#setWaiting(null)
        await this.#attempt(step)
      } catch (error) {
        if (this.#ctx.signal.aborted || isAppError(error, 'store.closed')) return
        this.#ctx.log.error('agent.step-failed', { connection: shortId(this.#connId), ...reason(error) })
        await this.#pause(FAST_RETRY.start)
      }
    }
  }

  async #attempt(step: Step): Promise<void> {
    const name = stepName(step)
    if (this.#failed?.step !== name) {
      this.#failed = null
      this.#backoff.reset()
    }
    const rest = this.#failed ? this.#failed.retryAt - this.#ctx.clock.now() : 0
    if (rest > 0) return this.#pause(rest)
    let failure: Failure
    try {
      const queue = await perform(this.#ctx, step)
      this.#failed = null
      this.#noteQueue(step, queue ?? null)
      return this.#setWaiting(null)
    } catch (error) {
      if (this.#ctx.signal.aborted || isAppError(error, 'store.closed')) throw error
      failure = classify(error)
      if (failure.code === 'internal') {
        this.#ctx.log.error('agent.step-failed', {
          connection: shortId(this.#connId),
          step: step.type,
          ...reason(error),
        })
      }
    }
    // A relay of ours decides nothing: a password, room or another relay may come, and the keys are good until then.
    if (step.type === 'reply-queue') return this.#waitForOwn(step, name, failure)
    if (failure.kind === 'permanent' || this.#isFatal(step, failure) || this.#isExpired(step, failure)) {
      return this.#giveUp(step, failure)
    }
    this.#retryLater(step, name, failure)
  }

  #noteQueue(step: Step, took: SndQueue | null): void {
    if (step.type !== 'deliver') return
    if (usesNewQueue(step) && took?.replaces === null) this.#newQueueFailures += 1
    // Where there is nothing to choose, no move is under way, or another one has begun.
    else if (step.other === null || took?.replaces !== null) this.#newQueueFailures = 0
  }

  /** A full queue cannot be one that waits for its first message (agent.md 4.3), and an old relay will not learn of links. */
  #isFatal(step: Step, failure: Failure): boolean {
    if (step.type === 'link-data') return failure.code === 'relay.version'
    return failure.kind === 'quota' && step.type === 'deliver' && step.message.type === 'confirmation'
  }

  #isExpired(step: Step, failure: Failure): boolean {
    const limit = failure.kind === 'quota' ? QUOTA_TIMEOUT : MESSAGE_TIMEOUT
    const since = step.type === 'deliver' ? step.message.createdAt : step.connection.createdAt
    switch (step.type) {
      case 'deliver':
        // A handshake waits for its relay however long that is away: silence is nobody's decision.
        if (failure.kind !== 'quota' && isHandshake(step)) return false
        return this.#ctx.clock.now() - since > limit
      case 'secure':
      case 'own-key':
      case 'reply-queue':
      case 'link-data':
      case 'drained':
      case 'forget':
        return false
    }
  }

  #waitForOwn(step: StepOf<'reply-queue'>, name: string, failure: Failure): void {
    const own = parseRelayAddress(step.connection.replyRelay!)
    const isSlow = failure.kind !== 'temporary' || failure.slow
    this.#refused.add(relayKey(own))
    this.#ownFailures += 1
    // One that is silent for a while is no better than one that refuses.
    const moves = isSlow || this.#ownFailures >= OWN_ATTEMPTS
    if (moves) this.#ownFailures = 0
    const next = moves ? keepRelay(this.#ctx, step, true) : own
    const isUntried = !this.#refused.has(relayKey(next))
    const delay = isUntried ? 0 : this.#backoff.next(isSlow ? SLOW_RETRY : FAST_RETRY)
    this.#failed = {
      step: name,
      relays: [relayKey(own), relayKey(next)],
      retryAt: this.#ctx.clock.now() + delay,
    }
    if (isUntried) return
    this.#setWaiting({
      for: 'relay',
      code: failure.code,
      own: formatRelayAddress(own, { password: false }),
    })
  }

  #giveUp(step: Step, failure: Failure): void {
    const { store, handler, log } = this.#ctx
    log.warn('agent.gave-up', { connection: shortId(this.#connId), step: step.type, code: failure.code })
    const isExpired = failure.kind !== 'permanent' && !this.#isFatal(step, failure)
    this.#failed = null
    store.write((tx) => {
      if (step.type === 'link-data') return linkDataRefused(this.#ctx, tx, step.connection, failure)
      if (step.type !== 'deliver' || isHandshake(step)) {
        return failConnection(
          this.#ctx,
          tx,
          this.#connId,
          isExpired ? 'agent.expired' : 'agent.not-available',
        )
      }
      if (isTest(step) && failure.kind === 'permanent') return queueRefused(tx, step.queue)
      const limit = failure.kind === 'quota' ? QUOTA_TIMEOUT : MESSAGE_TIMEOUT
      const lost = deliveriesOf(tx, this.#connId).filter(({ deliveryId, createdAt }) =>
        isExpired ? this.#ctx.clock.now() - createdAt > limit : deliveryId === step.delivery.deliveryId,
      )
      for (const { deliveryId, sndId, type } of lost) {
        removeDelivery(tx, deliveryId)
        removeSent(tx, this.#connId, sndId)
        if (type === 'message') handler.onSendFailed(tx, this.#connId, sndId, { code: failure.code })
      }
    })
  }

  #retryLater(step: Step, name: string, failure: Failure): void {
    if (usesNewQueue(step)) this.#newQueueFailures += 1
    const isSlow = failure.kind === 'quota' || (failure.kind === 'temporary' && failure.slow)
    const delay = this.#backoff.next(isSlow ? SLOW_RETRY : FAST_RETRY)
    this.#failed = {
      step: name,
      relays: relaysOf(step).map((relay) => relayKey(relay)),
      retryAt: this.#ctx.clock.now() + delay,
    }
    // Nothing of what a person sends waits for it, or not for long.
    if (step.type === 'link-data' || isTest(step)) return
    this.#setWaiting({ for: failure.kind === 'quota' ? 'peer' : 'relay', code: failure.code, own: null })
  }

  #setWaiting(waiting: Waiting | null): void {
    if (isSame(this.#waiting, waiting)) return
    this.#waiting = waiting && { ...waiting, since: this.#ctx.clock.now() }
    if (!this.#ctx.handler.onSendDelayed) return
    this.#ctx.store.write((tx) => this.#ctx.handler.onSendDelayed?.(tx, this.#connId, waiting))
  }

  #pause(ms: Millis): Promise<void> {
    const { signal, clock } = this.#ctx
    return new Promise((resolve) => {
      const end = (): void => {
        cancel()
        signal.removeEventListener('abort', end)
        this.#interrupt = null
        resolve()
      }
      const cancel = clock.after(ms, end)
      signal.addEventListener('abort', end, { once: true })
      this.#interrupt = end
    })
  }
}

function isHandshake({ message: { type } }: StepOf<'deliver'>): boolean {
  return type === 'confirmation' || type === 'hello'
}

function isSame(one: Waiting | null, other: Waiting | null): boolean {
  if (one === null || other === null) return one === other
  return one.for === other.for && one.code === other.code && one.own === other.own
}

function reason(error: unknown): { code: string } {
  return { code: isAppError(error) ? error.code : error instanceof Error ? error.name : 'unknown' }
}
