/** Text outside ICU braces grows by about 40 % and gets accents, so that a layout meets long words before a translator does. */
const accents: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ö',
  u: 'ü',
  n: 'ñ',
  c: 'ç',
  s: 'š',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ö',
  U: 'Ü', // prettier-ignore
}

export function pseudo(text: string): string {
  let depth = 0
  let vowels = 0
  let out = ''
  for (const char of text) {
    if (char === '{') depth += 1
    if (char === '}') depth -= 1
    const letter = depth === 0 ? (accents[char] ?? char) : char
    out += letter
    if (letter === char || !/[aeiou]/i.test(char)) continue
    vowels += 1
    out += vowels % 2 === 0 ? letter : letter.toLowerCase()
  }
  return depth === 0 ? out : text
}
