import type { Clock, Millis } from './clock.ts'

/** How long at most what is due by the wall clock goes unnoticed after sleep or a jump of the clock, ms. */
const LOOK_EVERY = 60_000

/**
 * Calls `fn` once, as soon as the wall clock says `at`; the returned function cancels it. A timer counts the time that
 * the machine is awake, so the clock is looked at anew at least once a minute.
 */
export function alarm(clock: Clock, at: Millis, fn: () => void): () => void {
  let cancel = (): void => {}
  const wait = (): void => {
    const left = Math.min(Math.max(at - clock.now(), 0), LOOK_EVERY)
    cancel = clock.after(left, () => (clock.now() >= at ? fn() : wait()))
  }
  wait()
  return () => cancel()
}
