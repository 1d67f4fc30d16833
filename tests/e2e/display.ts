import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** A display that nobody else is at, with a clipboard of its own, for what this process starts from now on. Answers how it ends. */
export async function ownDisplay(server: string): Promise<() => Promise<void>> {
  const child = spawn(server, ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  const said = once(child.stdio[3] as Readable, 'data').then(([data]) => String(data).trim())
  const failed = ended.then(() => Promise.reject(new Error(`${server} ended before it had a display`)))
  process.env['DISPLAY'] = `:${await Promise.race([said, failed])}`
  failed.catch(() => undefined)
  return async () => {
    delete process.env['DISPLAY']
    child.kill()
    await ended
  }
}
