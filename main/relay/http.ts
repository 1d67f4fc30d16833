import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface HttpDoor {
  /** Of the root, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

/** Everything that is sent fits a few packets, so nobody needs long. */
const HEAD_TIMEOUT = 10_000
const IDLE_TIMEOUT = 5_000
const CONNECTIONS = 500
const LONGEST_HEAD = 8 * 1024

/** Names of this computer that no page elsewhere can have: a name that was pointed at 127.0.0.1 is another one. */
const OWN_NAMES = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i

/**
 * A small read-only server: GET and HEAD of what `answer` knows. Rejects when it cannot listen. `ownNames`: only who
 * calls it by a name of this computer is answered, since a page in a browser here could otherwise read along.
 */
export async function openHttp(
  at: { readonly host: string; readonly port: number; readonly ownNames?: boolean },
  answer: (path: string) => HttpAnswer | null,
): Promise<HttpDoor> {
  const server = createServer({ maxHeaderSize: LONGEST_HEAD }, (request, response) =>
    at.ownNames === true && !OWN_NAMES.test(request.headers.host ?? '')
      ? send(response, plain(421, 'This is answered under a name of this computer only.'), true)
      : respond(request, response, answer),
  )
  // One that goes away in the middle ends nothing.
  server.on('clientError', (_error, socket) => socket.destroy())
  server.headersTimeout = HEAD_TIMEOUT
  server.requestTimeout = HEAD_TIMEOUT
  server.keepAliveTimeout = IDLE_TIMEOUT
  server.maxConnections = CONNECTIONS
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(at.port, at.host, resolve))
  // No file descriptor for a newcomer, say: the next one is let in again.
  server.on('error', () => undefined)
  const { port } = server.address() as AddressInfo
  const host = at.host.includes(':') ? `[${at.host}]` : at.host
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (path: string) => HttpAnswer | null,
): void {
  const { method, url = '' } = request
  if (method !== 'GET' && method !== 'HEAD')
    return send(response, { ...plain(405, 'Only reading is possible here.'), allow: 'GET, HEAD' }, true)
  // No part of the query means anything, and it is never repeated.
  const path = url.split('?')[0] ?? ''
  send(response, answer(path) ?? plain(404, 'There is nothing here.'), method === 'GET')
}

function send(response: ServerResponse, answer: HttpAnswer & { allow?: string }, withBody: boolean): void {
  const body = Buffer.from(answer.body)
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.allow === undefined ? {} : { Allow: answer.allow }),
    'Content-Length': body.length,
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(withBody ? body : undefined)
}

function plain(status: number, text: string): HttpAnswer {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  }
  return { status, headers, body: `${text}\n` }
}
