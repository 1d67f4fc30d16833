import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { MAX_MESSAGE, type Pipe } from '../shared/door.ts'
import { pageFile, pageHeaders } from '../shared/page.ts'
import type { PageKeys } from './keys.ts'

/** One page's way to the core: objects both ways until it closes. */
export interface PagePipe extends Pipe {
  onClose(fn: () => void): void
}

interface ServerOptions {
  /** Folder of the built page. */
  folder: string
  port: number
  keys: PageKeys
  /** `nextKey` is what this page comes back with. */
  onPipe(pipe: PagePipe, nextKey: string): void
}

export interface PageServer {
  port: number
  close(): Promise<void>
}

/** A page asks for some dozen files at once, and one person has few pages: more are not let in, and nobody stays without asking. */
const CONNECTIONS = 500
const HEAD_TIMEOUT = 10_000
const IDLE_TIMEOUT = 5_000
const LONGEST_HEAD = 16 * 1024

/**
 * The page and its door on loopback. Any program of this computer and any web page can knock here, so: only the
 * one `Host` (a name that was pointed at 127.0.0.1 has another), only our own `Origin`, and only who has a key. Whatever
 * else is sent here is refused, and ends neither this program nor what somebody else has open.
 */
export async function servePage(options: ServerOptions): Promise<PageServer> {
  const http = createServer({ maxHeaderSize: LONGEST_HEAD }, (request, response) => {
    response.on('error', () => response.destroy())
    answer(request, response).catch(() => response.destroy())
  })
  http.headersTimeout = HEAD_TIMEOUT
  http.requestTimeout = HEAD_TIMEOUT
  http.keepAliveTimeout = IDLE_TIMEOUT
  http.maxConnections = CONNECTIONS
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 2 * MAX_MESSAGE,
    perMessageDeflate: false,
  })
  let own = ''

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request)
    const allowed = request.headers.host === own && request.method === 'GET' && path !== null
    if (allowed && path === '/door') {
      // A page that was not let in learns here whether its key is to blame, or the program is gone.
      const opens = options.keys.opens(String(request.headers['x-duplex-key'] ?? ''))
      response.writeHead(opens ? 204 : 403, pageHeaders).end()
      return
    }
    const file = allowed ? await pageFile(options.folder, path) : null
    if (file === null) response.writeHead(404, pageHeaders).end()
    else response.writeHead(200, file.headers).end(file.body)
  }

  http.on('upgrade', (request, socket: Duplex, head) => {
    socket.on('error', () => socket.destroy())
    const url = urlOf(request)
    const allowed =
      request.headers.host === own &&
      request.headers.origin === `http://${own}` &&
      url?.pathname === '/contract' &&
      isUpgrade(request)
    const key = url?.searchParams.get('token') ?? ''
    if (!allowed || !options.keys.opens(key)) return refuse(socket, '403 Forbidden')
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const pipe = pipeOf(opened)
      // Used up only by whoever is in.
      const next = options.keys.use(key, url.searchParams.get('next'))
      if (next === null) opened.terminate()
      else options.onPipe(pipe, next)
    })
  })
  http.on('connect', (_request, socket: Duplex) => {
    socket.on('error', () => socket.destroy())
    refuse(socket, '405 Method Not Allowed')
  })
  http.on('clientError', (_error, socket) => {
    socket.on('error', () => socket.destroy())
    refuse(socket, '400 Bad Request')
  })
  sockets.on('wsClientError', (_error, socket) => refuse(socket, '400 Bad Request'))

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port, '127.0.0.1', () => {
      http.off('error', reject)
      resolve()
    })
  })
  // Too many open files, for example: the next one is let in again.
  http.on('error', () => undefined)
  const { port } = http.address() as AddressInfo
  own = `127.0.0.1:${port}`
  return {
    port,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeAllConnections()
      await closed
    },
  }
}

function refuse(socket: Duplex | Socket, status: string): void {
  if (!socket.writable) return void socket.destroy()
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  // The other side has had its answer and says no more that is heard.
  socket.resume()
}

/** What `ws` would refuse as well, before a key is looked at. */
function isUpgrade({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
    headers['sec-websocket-version'] === '13'
  )
}

function pipeOf(socket: WebSocket): PagePipe {
  socket.on('error', () => socket.terminate())
  return {
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
    },
    onMessage(fn) {
      // The door reads the text itself and answers what is no JSON. Frames of bytes are no part of the contract.
      socket.on('message', (data: Buffer, binary) => fn(binary ? '' : data.toString('utf8')))
    },
    onClose: (fn) => void socket.on('close', fn),
  }
}

/** Of a path alone: `//`, `*` and a whole address of somewhere else are none. */
function urlOf({ url = '' }: IncomingMessage): URL | null {
  if (!/^\/(?!\/)/.test(url)) return null
  return URL.parse(url, 'http://127.0.0.1')
}

function pathOf(request: IncomingMessage): string | null {
  return urlOf(request)?.pathname ?? null
}
