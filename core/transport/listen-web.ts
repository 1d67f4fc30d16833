import { type IncomingMessage, type Server as HttpServer, createServer } from 'node:http'
import { Server as TlsServer, createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { WebSocketServer } from 'ws'
import { type Clock, type Millis, type Random } from '#core/base'
import { pemOf } from '#core/crypto'
import { BLOCK_SIZE } from '#core/protocol'
import { TLS_SETUP_TIMEOUT, WEB_FIRST_WORD, WEB_HEAD_SIZE, WEB_UPGRADE_TIMEOUT } from './constants.ts'
import { finished } from './dial.ts'
import { type Gate, Sockets } from './gate.ts'
import { type AcceptedConnection, type Listener, listening } from './listen.ts'
import { WebBlocks } from './web-blocks.ts'

export interface ListenWebOptions {
  readonly host: string
  readonly port: number
  /** PEM of a certificate that browsers know, or the relay's own; absent: without TLS, for a proxy in front. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly clock: Clock
  readonly random: Random
  readonly gate?: Gate
  /** For what comes before the upgrade. */
  readonly upgradeTimeout?: Millis
}

export interface WebConnection extends AcceptedConnection {
  /** What the proof in our hello has to sign. */
  readonly challenge: Uint8Array
}

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/
const CHALLENGE_SIZE = 32
const SESSION_ID_SIZE = 32

/** The WebSocket door of a relay. smp.md 11 */
export async function listenWeb(
  options: ListenWebOptions,
  onConnection: (connection: WebConnection) => void,
): Promise<Listener> {
  const sockets = new Sockets(options.gate)
  const server = httpServer(options)
  const upgrades = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: BLOCK_SIZE,
    // A block in more pieces than this is a way to make us work.
    maxFragments: 64,
    maxBufferedChunks: 1_024,
    autoPong: false,
    handleProtocols: () => false,
  })
  server.on('connection', (socket: Socket) => void sockets.admit(socket))
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const challenge = challengeOf(request)
    if (!challenge) {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    upgrades.handleUpgrade(request, socket, head, (web) => {
      const blocks = new WebBlocks(web, options.clock, socket)
      const { remoteAddress: remote = '' } = request.socket
      const pass = sockets.passOf(request.socket)
      const sessionId = sessionIdOf(request.socket) ?? options.random.bytes(SESSION_ID_SIZE)
      // The client listens only some time after it was let in, and would not hear a hello that comes at once.
      options.clock.after(WEB_FIRST_WORD, () => onConnection({ blocks, sessionId, remote, pass, challenge }))
    })
  })
  await listening(server, options)
  return {
    port: (server.address() as AddressInfo).port,
    renew({ chain, key }) {
      const cert = chain.map((der) => pemOf(der, 'CERTIFICATE')).join('')
      if (server instanceof TlsServer)
        server.setSecureContext({ cert, key: pemOf(key, 'PRIVATE KEY'), minVersion: 'TLSv1.2' })
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        sockets.destroyAll()
      }),
  }
}

function httpServer(options: ListenWebOptions): HttpServer | TlsServer {
  const timeout = options.upgradeTimeout ?? WEB_UPGRADE_TIMEOUT
  const bounds = {
    maxHeaderSize: WEB_HEAD_SIZE,
    headersTimeout: timeout,
    requestTimeout: timeout,
    // Ours to send only one answer: nobody stays who does not upgrade.
    keepAliveTimeout: 1,
    connectionsCheckingInterval: Math.max(Math.floor(timeout / 4), 1),
  }
  const server = options.tls
    ? createTlsServer({
        ...bounds,
        ...options.tls,
        minVersion: 'TLSv1.2',
        ALPNProtocols: ['http/1.1'],
        handshakeTimeout: options.upgradeTimeout ?? TLS_SETUP_TIMEOUT,
      })
    : createServer(bounds)
  server.on('request', (_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket', 'content-length': '0' })
    response.end()
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server
}

/** Exactly one, of exactly the right size. */
function challengeOf(request: IncomingMessage): Uint8Array | null {
  const url = URL.parse(request.url ?? '', 'http://relay.invalid')
  const given = url?.searchParams.getAll('challenge') ?? []
  if (given.length !== 1 || !CHALLENGE.test(given[0]!)) return null
  const challenge = new Uint8Array(Buffer.from(given[0]!, 'base64url'))
  return challenge.length === CHALLENGE_SIZE ? challenge : null
}

/** Where TLS ends here, as everywhere; nobody compares it over WebSocket. */
function sessionIdOf(socket: Socket): Uint8Array | null {
  return socket instanceof TLSSocket ? finished(socket.getPeerFinished()) : null
}
