import { asksForHelp } from '../../main/shared/arguments.ts'

/** Whoever asks a tool for help gets its usage on stdout, and nothing is done. */
export function sayUsage(usage: string): void {
  if (!asksForHelp(process.argv.slice(2))) return
  process.stdout.write(`${usage}\n`)
  process.exit(0)
}
