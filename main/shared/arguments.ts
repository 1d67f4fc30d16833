import { parseArgs } from 'node:util'

/** A command line that cannot be meant: the program says so, and how it is used, and ends with 64. */
export class UsageError extends Error {}

export type Flags = Readonly<Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>>
type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

/** Whoever asks for help, by whichever name, gets it and nothing else. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.some((arg) => arg === '--help' || arg === '-h')
}

/** What was given, checked: an option that does not exist is answered with the one that was probably meant. */
export function readArguments(
  args: readonly string[],
  flags: Flags,
  words: 'no words' | 'words',
): { values: Values; positionals: string[] } {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: flags,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind === 'positional' && words === 'no words')
      throw new UsageError(`"${shown(token.value)}" is not understood${meant(`--${token.value}`, flags)}`)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined
    if (flag === undefined)
      throw new UsageError(`there is no option ${shown(token.rawName)}${meant(token.rawName, flags)}`)
    if (flag.type === 'boolean' && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value`)
    if (flag.type === 'string' && (token.value === undefined || isOption(token, flags)))
      throw new UsageError(`${token.rawName} needs a value`)
  }
  return { values, positionals }
}

/** `--data --browser`: the folder was forgotten. */
function isOption({ value, inlineValue }: { value: unknown; inlineValue?: unknown }, flags: Flags): boolean {
  return (
    inlineValue !== true &&
    typeof value === 'string' &&
    Object.hasOwn(flags, value.replace(/^--/, '')) &&
    value.startsWith('--')
  )
}

function meant(given: string, flags: Flags): string {
  const nearest = nearestOf(given.replace(/^-+/, ''), Object.keys(flags))
  return nearest === null ? '' : `. Did you mean --${nearest}?`
}

/** The name that differs in a letter or two, or that begins alike; null: none is near. */
export function nearestOf(given: string, names: readonly string[]): string | null {
  const small = given.toLowerCase().slice(0, 40)
  const ranked = names
    .map((name) => ({ name, distance: distance(small, name) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [best] = ranked
  if (best && best.distance <= Math.max(1, Math.floor(best.name.length / 3))) return best.name
  return (
    names.find((name) => small.length > 1 && (name.startsWith(small) || small.startsWith(`${name}=`))) ?? null
  )
}

/** Letters to put in, take out, change or swap with the next. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(change, row[j]! + 1, next[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, before[j - 2]! + 1)
      next.push(least)
    }
    before = row
    row = next
  }
  return row[b.length]!
}

/** A number of a port; undefined stays so. */
export function portOf(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const port = Number(value)
  if (!/^\d{1,5}$/.test(value) || port > 65_535)
    throw new UsageError(`--${flag} takes a number from 0 to 65535`)
  return port
}

/** A folder by its name; the empty name is nobody's, and would be the folder that one happens to stand in. */
export function folderNamed(flag: string, value: string): string {
  if (value.trim() === '') throw new UsageError(`--${flag} takes the name of a folder, and this one is empty`)
  if (value.includes('\0')) throw new UsageError(`--${flag} takes the name of a folder`)
  return value
}

const shown = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- what was typed goes to a terminal
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 60)
