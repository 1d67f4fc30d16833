import { chmodSync, rmSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { type Socket, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { isAppError } from '#core/base'
import type { Blocking } from '#core/relay'

/**
 * How another process of the same user asks the running relay for something: one JSON line and one answer on a socket
 * in the data folder. The relay holds its database for itself, so that nobody else can copy it beside it.
 */
export type ControlRequest =
  | { readonly do: 'backup'; readonly file: string }
  | { readonly do: 'reload' }
  /** Of the queue with this sender's or link's id, base64url; without a reason it is opened again. */
  | { readonly do: 'block'; readonly queue: string; readonly blocking: Blocking | null }

export interface ControlActions {
  backup(file: string): Promise<void>
  reload(): void
  setBlocked(id: Uint8Array, blocking: Blocking | null): void
}

export class ControlRefused extends Error {}

/** Longer than any path. */
const LONGEST_LINE = 64 * 1024
/** Path of a socket that every system takes; Linux has 108 bytes, others 104. unix(7) */
const LONGEST_PATH = 100
const OWNER_ONLY = 0o600
const NOT_OWNER = 0o177

/** Call only with the folder locked: a socket that is left there belongs to nobody. Null: the path is too long. */
export async function serveControl(
  dataDir: string,
  actions: ControlActions,
): Promise<{ close(): Promise<void> } | null> {
  const path = socketPath(dataDir)
  if (path === null) return null
  const isFile = process.platform !== 'win32'
  if (isFile) rmSync(path, { force: true })
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
    void answer(socket, actions)
  })
  const mask = process.umask(NOT_OWNER)
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  } finally {
    process.umask(mask)
  }
  server.on('error', () => undefined)
  if (isFile) chmodSync(path, OWNER_ONLY)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

/** False: no relay runs on this folder. Rejects with `ControlRefused` when it says no. */
export async function askRunning(dataDir: string, request: ControlRequest): Promise<boolean> {
  const path = socketPath(dataDir)
  if (path === null) return false
  const socket = connect({ path, allowHalfOpen: true })
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return false
    throw error
  }
  socket.end(`${JSON.stringify(request)}\n`)
  const said = JSON.parse(await lineFrom(socket)) as { ok?: boolean; message?: string }
  if (said.ok !== true) throw new ControlRefused(said.message ?? 'the relay says no')
  return true
}

async function answer(socket: Socket, actions: ControlActions): Promise<void> {
  try {
    // Written by `askRunning` of this or another version, so only its form is in doubt.
    const request = JSON.parse(await lineFrom(socket)) as Partial<ControlRequest>
    if (request.do === 'backup' && typeof request.file === 'string') await actions.backup(request.file)
    else if (request.do === 'reload') actions.reload()
    else if (request.do === 'block' && typeof request.queue === 'string')
      actions.setBlocked(new Uint8Array(Buffer.from(request.queue, 'base64url')), request.blocking ?? null)
    else throw new ControlRefused('the running relay does not know this')
    socket.end(`${JSON.stringify({ ok: true })}\n`)
  } catch (error) {
    socket.end(`${JSON.stringify({ ok: false, message: reasonOf(error) })}\n`)
  }
}

function reasonOf(error: unknown): string {
  if (isAppError(error)) return `${error.message} ${JSON.stringify(error.facts)}`
  return error instanceof Error ? error.message : 'it did not work'
}

async function lineFrom(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8')
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk as string
    if (text.length > LONGEST_LINE) break
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'))
  }
  throw new ControlRefused('the other side said nothing that can be read')
}

function socketPath(dataDir: string): string | null {
  if (process.platform === 'win32')
    return `\\\\.\\pipe\\duplex-relay-${createHash('sha256').update(dataDir).digest('hex').slice(0, 32)}`
  const path = join(dataDir, 'control.sock')
  return Buffer.byteLength(path) > LONGEST_PATH ? null : path
}
