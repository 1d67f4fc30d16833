import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { MAX_MESSAGE, type Pipe } from '../shared/door.ts'
import { pageFile, pageHeaders } from '../shared/page.ts'

/** One page's way to the core: objects both ways until it closes. */
export interface PagePipe extends Pipe {
  onClose(fn: () => void): void
}

interface ServerOptions {
  /** Folder of the built page. */
  folder: string
  port: number
  token: string
  onPipe(pipe: PagePipe): void
}

export interface PageServer {
  port: number
  close(): Promise<void>
}

/**
 * The page and its door on loopback. Any program of this computer and any web page can knock here, so: only the
 * one `Host` (a name that was pointed at 127.0.0.1 has another), only our own `Origin`, and only who has the token.
 */
export async function servePage(options: ServerOptions): Promise<PageServer> {
  const http = createServer((request, response) => void answer(request, response))
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 2 * MAX_MESSAGE,
    perMessageDeflate: false,
  })
  const own = (): string => `127.0.0.1:${(http.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request)
    const file =
      request.headers.host === own() && request.method === 'GET' && path !== null
        ? await pageFile(options.folder, path)
        : null
    if (file === null) response.writeHead(404, pageHeaders).end()
    else response.writeHead(200, file.headers).end(file.body)
  }

  http.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const allowed =
      request.headers.host === own() &&
      request.headers.origin === `http://${own()}` &&
      url.pathname === '/contract' &&
      sameText(url.searchParams.get('token') ?? '', options.token)
    if (!allowed) return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (opened) => options.onPipe(pipeOf(opened)))
  })

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    port: (http.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
    },
  }
}

function pipeOf(socket: WebSocket): PagePipe {
  socket.on('error', () => socket.terminate())
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage(fn) {
      // The door reads the text itself and answers what is no JSON. Frames of bytes are no part of the contract.
      socket.on('message', (data: Buffer, binary) => fn(binary ? '' : data.toString('utf8')))
    },
    onClose: (fn) => void socket.on('close', fn),
  }
}

function pathOf(request: IncomingMessage): string | null {
  const base = 'http://127.0.0.1'
  return URL.canParse(request.url ?? '', base) ? new URL(request.url ?? '', base).pathname : null
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
