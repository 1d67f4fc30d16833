/** A link loses its middle, never its end (design section 4). */
export function shortenLink(link: string, most = 34): string {
  const bare = link.replace(/^https:\/\//, '')
  if (bare.length <= most) return bare
  const tail = 6
  return `${bare.slice(0, most - tail - 1)}…${bare.slice(-tail)}`
}
