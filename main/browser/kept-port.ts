import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A browser keeps what a page remembers (theme, divider, camera) by its origin, and the port is a part of that. */
const file = (dataDir: string): string => join(dataDir, 'browser-port')

/** The port of the last time; null: there was none. */
export function keptPort(dataDir: string): number | null {
  try {
    const text = readFileSync(file(dataDir), 'utf8')
    const port = /^\d{4,5}$/.test(text) ? Number(text) : 0
    return port > 1_023 && port <= 65_535 ? port : null
  } catch {
    return null
  }
}

/** A folder that takes no file now is no reason not to open the page. */
export function keepPort(dataDir: string, port: number): void {
  try {
    if (keptPort(dataDir) !== port) writeFileSync(file(dataDir), String(port), { mode: 0o600 })
  } catch {
    // the page is then a new one for the browser
  }
}
