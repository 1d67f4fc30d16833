import { BLOCK_SIZE } from '#core/protocol'

/** Blocks that have been sent, to be filled again: making one costs about as much as encrypting it. 1 MiB at most. */
const spare: Uint8Array[] = []
const MOST_SPARE = 64

/** What stands in it is of some block before: every byte has to be written. */
export function takeBlock(): Uint8Array {
  return spare.pop() ?? new Uint8Array(BLOCK_SIZE)
}

/** Nobody else may have it. */
export function giveBlockBack(block: Uint8Array): void {
  if (spare.length < MOST_SPARE) spare.push(block)
}
