/** chat.md 2.2: bytes of the text as it travels, without the quotation marks around it. The core refuses what is longer. */
export const LONGEST_BIO = 158

/** As the network counts it: a letter beyond ASCII is two or more, an emoji four. */
export function bioSize(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text.trim())).length - 2
}
