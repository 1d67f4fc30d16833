import type { App } from '#core/contract'

/** What a program ends with. `in-use` is api.md's; the others are those of sysexits(3). */
export const EXIT_FOLDER_IN_USE = 2
export const EXIT_USAGE = 64
/** The data folder could not be used until the end. */
const EXIT_STATES: Readonly<Record<App['state'], number>> = {
  ready: 0,
  locked: 0,
  'in-use': EXIT_FOLDER_IN_USE,
  damaged: 65,
  'disk-full': 74,
  'read-only': 77,
  newer: 78,
}

export function exitCodeOfState(state: App['state']): number {
  return EXIT_STATES[state]
}
