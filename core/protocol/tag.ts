const SPACE = 0x20
/** Longer than every tag; what is longer still is unknown anyway. */
const LONGEST = 8

/**
 * A command or response is an ASCII tag and, where it has parameters, one space and their bytes. smp.md 5
 * `parameters` is null where there is no space.
 */
export function splitTag(bytes: Uint8Array): { tag: string; parameters: Uint8Array | null } {
  const space = bytes.indexOf(SPACE)
  const word = space < 0 ? bytes : bytes.subarray(0, space)
  const tag = word.length > LONGEST ? '' : String.fromCharCode(...word)
  return { tag, parameters: space < 0 ? null : bytes.subarray(space + 1) }
}
