import type { AddressRecord } from '#core/store'
import { FLOOD_PER_MINUTE, FLOOD_WAITING } from './constants.ts'

/* Who may ask at an address, and how much comes there. */

type Limits = Pick<AddressRecord, 'stopAt' | 'stopAfter' | 'total'>

export function isStopped(address: Limits, now: number): boolean {
  return (
    (address.stopAt !== null && address.stopAt <= now) ||
    (address.stopAfter !== null && address.total >= address.stopAfter)
  )
}

/** Whether somebody new may ask. */
export function takesRequests(address: Limits & Pick<AddressRecord, 'paused'>, now: number): boolean {
  return !address.paused && !isStopped(address, now)
}

const MINUTE = 60_000

/** For the counts: something came, whether it was kept or not. */
export function countArrival(address: AddressRecord, kept: boolean, now: number): AddressRecord {
  const fresh = now - address.windowStart >= MINUTE
  return {
    ...address,
    total: address.total + (kept ? 1 : 0),
    dropped: address.dropped + (kept ? 0 : 1),
    windowStart: fresh ? now : address.windowStart,
    windowCount: (fresh ? 0 : address.windowCount) + 1,
  }
}

export function isFlooded(address: AddressRecord, waiting: number, now: number): boolean {
  const lately = now - address.windowStart < MINUTE ? address.windowCount : 0
  return waiting >= FLOOD_WAITING || lately >= FLOOD_PER_MINUTE
}
