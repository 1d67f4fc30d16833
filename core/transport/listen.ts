import { constants } from 'node:crypto'
import type { AddressInfo, Server, Socket } from 'node:net'
import { type SecureContextOptions, type TLSSocket, createServer } from 'node:tls'
import type { Clock, Millis } from '#core/base'
import { pemOf } from '#core/crypto'
import type { Blocks } from './blocks.ts'
import { ALPN, GROUPS, KEEP_ALIVE_IDLE, SERVER_CIPHERS, SIGNATURES, TLS_SETUP_TIMEOUT } from './constants.ts'
import { TransportError } from './errors.ts'
import { finished } from './dial.ts'
import { type Gate, type Pass, Sockets } from './gate.ts'
import { SocketBlocks } from './socket-blocks.ts'

export interface ListenOptions {
  readonly host: string
  /** 0: any free port; the one taken is in the result. */
  readonly port: number
  /** DER, leaf first, then the identity certificate. */
  readonly chain: readonly Uint8Array[]
  /** PKCS#8 DER of the leaf's key. */
  readonly key: Uint8Array
  readonly clock: Clock
  readonly gate?: Gate
  /** For TLS; smp.md 2.6 unless given. */
  readonly tlsTimeout?: Millis
}

export interface AcceptedConnection {
  readonly blocks: Blocks
  /** The client's Finished, which every client compares. smp.md 2.4 */
  readonly sessionId: Uint8Array
  /** IP address of the peer. */
  readonly remote: string
  readonly pass: Pass
}

export interface Listener {
  readonly port: number
  /** What connections from now on are shown; those that are open keep what they have seen. */
  renew(identity: Pick<ListenOptions, 'chain' | 'key'>): void
  /** Stops listening and cuts what is open. */
  close(): Promise<void>
}

/**
 * The relay's side of TLS. Connections without ALPN are closed: they could only speak version 6. smp.md 2.3
 * Needs OpenSSL: under BoringSSL there is no session id for TLS 1.3, and it rejects with 'transport.tls'.
 */
export async function listenTls(
  options: ListenOptions,
  onConnection: (connection: AcceptedConnection) => void,
): Promise<Listener> {
  const sockets = new Sockets(options.gate)
  const server = createServer({
    ...contextOf(options),
    ALPNProtocols: [ALPN],
    handshakeTimeout: options.tlsTimeout ?? TLS_SETUP_TIMEOUT,
  })
  server.on('connection', (socket: Socket) => void sockets.admit(socket))
  server.on('secureConnection', (socket: TLSSocket) => {
    // From here on `SocketBlocks` hears of errors; a socket without a listener would end the process.
    const blocks = new SocketBlocks(socket, options.clock)
    const pass = sockets.passOf(socket)
    const sessionId = finished(socket.getPeerFinished())
    if (!socket.alpnProtocol || !sessionId) {
      blocks.close(new TransportError('transport.tls', 'no ALPN, or no session id'))
      return
    }
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEP_ALIVE_IDLE)
    onConnection({ blocks, sessionId, remote: socket.remoteAddress ?? '', pass })
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  await listening(server, options)
  return {
    port: (server.address() as AddressInfo).port,
    renew: (identity) => server.setSecureContext(contextOf(identity)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        sockets.destroyAll()
      }),
  }
}

function contextOf({ chain, key }: Pick<ListenOptions, 'chain' | 'key'>): SecureContextOptions {
  return {
    cert: chain.map((der) => pemOf(der, 'CERTIFICATE')).join(''),
    key: pemOf(key, 'PRIVATE KEY'),
    minVersion: 'TLSv1.2',
    ciphers: SERVER_CIPHERS,
    ecdhCurve: GROUPS,
    sigalgs: SIGNATURES,
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  }
}

/** Also for HTTP servers. Later faults (no file descriptor for a newcomer, say) end nothing: the next one is let in again. */
export function listening(server: Server, at: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new TransportError('transport.unreachable', 'cannot listen here', { reason: cause.code ?? 'error' }),
      ),
    )
    server.listen(at.port, at.host, resolve)
  })
}
