/** Connection links inside a text, so that they can be pressed. Pure; whether one works is for the check to say. */

export type TextPart = { link: false; text: string } | { link: true; text: string }

/** Links of this network in all their forms; whatever else looks like an address stays plain text. agent.md 5.1, 5.4 */
const LINK =
  /(?:(?:simplex|duplex):\/|https:\/\/[^\s/#?<>"']{1,300}\/(?:invitation|contact|[iagcr])\/?#)[^\s<>"'`|\\^{}()[\]*\u2018-\u201f\u00ab\u00bb]+/gi
/** Belongs to the sentence around it. */
const TRAILING = '.,;:!?…'

/** The parts in order; put together they are the text again. */
export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(LINK)) {
    let end = match[0].length
    while (TRAILING.includes(match[0].charAt(end - 1))) end -= 1
    const link = match[0].slice(0, end)
    if (match.index > from) parts.push({ link: false, text: text.slice(from, match.index) })
    parts.push({ link: true, text: link })
    from = match.index + link.length
  }
  if (from < text.length) parts.push({ link: false, text: text.slice(from) })
  return parts
}
