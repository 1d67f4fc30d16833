import { describe, expect, it } from 'vitest'
import type { Clock } from '#core/base'
import { waitingCall, type WaitingCall } from '../../../core/app/waiting-call.ts'

/** Time that passes when the test says so. */
function steppedClock(): Clock & { pass(ms: number): void } {
  let now = 0
  const timers = new Set<{ at: number; fn: () => void }>()
  return {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    pass(ms) {
      now += ms
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer)
        timer.fn()
      }
    },
  }
}

const never = (): Promise<never> => new Promise(() => {})

describe('a call that a person waits for', () => {
  it('INV-10: answers that the relay is unreachable when it says nothing for 9 s', async () => {
    const clock = steppedClock()
    const result = waitingCall(clock, new AbortController().signal, never)
    clock.pass(8_999)
    clock.pass(1)
    await expect(result).rejects.toMatchObject({ code: 'relay.unreachable' })
  })

  it('PLN-3: stops at once, and a commit that comes later is refused', async () => {
    const controller = new AbortController()
    let call: WaitingCall | undefined
    const result = waitingCall(steppedClock(), controller.signal, (given) => {
      call = given
      return never()
    })
    controller.abort(new Error('stopped'))
    await expect(result).rejects.toThrow('stopped')
    expect(() => call?.commit()).toThrow('stopped')
  })

  it('is not stopped any more once it has committed', async () => {
    const controller = new AbortController()
    const clock = steppedClock()
    const { promise, resolve } = Promise.withResolvers<string>()
    const result = waitingCall(clock, controller.signal, (call) => {
      call.commit()
      return promise
    })
    controller.abort(new Error('stopped'))
    clock.pass(60_000)
    resolve('made')
    expect(await result).toBe('made')
  })

  it('does not begin what was stopped before', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(waitingCall(steppedClock(), signal, never)).rejects.toThrow('stopped')
  })
})
