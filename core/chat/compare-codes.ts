/** Why a text is not the code: another one, only part of one (or with digits too many), or no code at all. */
export type CodeMismatch = 'different' | 'incomplete' | 'not-a-code'

/** Lengths of the decimal form of 256 bits; one code in a thousand is shorter. agent.md 3.8 */
const SHORTEST = 75
const LONGEST = 78
/** Longest text that is looked at, characters without spaces: longer is no code, whatever it is. */
const MOST = 400

/** `null`: it is the code. Spaces, line breaks and invisible marks of copying do not count. chat.md 6 */
export function compareCodes(own: string, given: string): CodeMismatch | null {
  const expected = digitsOf(own)
  const digits = digitsOf(given)
  if (digits === expected) return null
  if (digits.length > MOST || !/^\d+$/.test(digits)) return 'not-a-code'
  if (digits.length === expected.length) return 'different'
  if (digits.length < SHORTEST || digits.length > LONGEST) return 'incomplete'
  // Whole codes differ in length by a digit or two; a slip of the pen leaves the others in their order.
  return isWithin(digits, expected) || isWithin(expected, digits) ? 'incomplete' : 'different'
}

function digitsOf(code: string): string {
  return code.replace(/[\s\p{Cf}]+/gu, '')
}

/** Whether `part` is left when characters of `whole` are taken out. */
function isWithin(part: string, whole: string): boolean {
  let found = 0
  for (const digit of whole) if (digit === part[found]) found++
  return found === part.length
}
