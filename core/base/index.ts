/**
 * base: what every room stands on. Bytes, errors, time, entropy, logs, locks, signals.
 * It imports nothing and runs in Node, Electron and a browser alike. Start reading at `errors.ts`.
 */
export { alarm } from './alarm.ts'
export { EMPTY, compareBytes, concatBytes, equalBytes, fromHex, fromUtf8, toHex, utf8 } from './bytes.ts'
export { AppError, isAppError, unreachable } from './errors.ts'
export type { Facts } from './errors.ts'
export { sleep, systemClock } from './clock.ts'
export type { Clock, Millis } from './clock.ts'
export { Emitter } from './emitter.ts'
export { KeyedLock } from './keyed-lock.ts'
export { shortId, silentLog } from './log.ts'
export type { Log } from './log.ts'
export type { Random } from './random.ts'
export { deadline, raceAbort } from './signals.ts'
