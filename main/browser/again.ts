import { createHash } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { type Socket, connect, createServer } from 'node:net'
import { join } from 'node:path'

/** Path of a socket that every system takes. unix(7) */
const LONGEST_PATH = 100
/** Longer than any address of ours. */
const LONGEST_ANSWER = 1_024
const PATIENCE_MS = 2_000

/**
 * How a second start on the same folder gets an address of the running host, since the first one opened already: by a
 * socket in the data folder, which is its owner's alone. Call only with the folder locked: what is left there is nobody's.
 */
export async function offerAddresses(dataDir: string, address: () => string): Promise<() => void> {
  const path = socketPath(dataDir)
  if (path === null) return () => undefined
  const isFile = process.platform !== 'win32'
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    socket.end(`${address()}\n`)
  })
  try {
    if (isFile) rmSync(path, { force: true })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
    if (isFile) chmodSync(path, 0o600)
  } catch {
    // Without it a second start only says that the folder is in use.
  }
  server.on('error', () => undefined)
  return () => {
    server.close()
    for (const socket of open) socket.destroy()
  }
}

/** Null: whoever works on the folder is no browser host, or says nothing. */
export function askForAddress(dataDir: string): Promise<string | null> {
  const path = socketPath(dataDir)
  return new Promise((resolve) => {
    if (path === null) return resolve(null)
    const socket = connect(path)
    let said = ''
    const done = (): void => {
      socket.destroy()
      resolve(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+\n$/.test(said) ? said.trim() : null)
    }
    socket.setTimeout(PATIENCE_MS, done)
    socket.on('error', done).on('end', done)
    socket.on('data', (piece) => {
      said += String(piece)
      if (said.length > LONGEST_ANSWER) done()
    })
  })
}

function socketPath(dataDir: string): string | null {
  if (process.platform === 'win32')
    return `\\\\.\\pipe\\duplex-host-${createHash('sha256').update(dataDir).digest('hex').slice(0, 32)}`
  const path = join(dataDir, 'host.sock')
  return Buffer.byteLength(path) > LONGEST_PATH ? null : path
}
