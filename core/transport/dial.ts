import { constants } from 'node:crypto'
import { type TLSSocket, connect } from 'node:tls'
import type { Clock } from '#core/base'
import {
  FINGERPRINT_SIZE,
  type RelayAddress,
  effectivePort,
  isOverlayName,
  preferredHost,
} from '#core/protocol'
import type { Blocks } from './blocks.ts'
import {
  ALPN,
  BORING_GROUPS,
  BORING_SIGNATURES,
  CLIENT_CIPHERS,
  GROUPS,
  KEEP_ALIVE_IDLE,
  SIGNATURES,
} from './constants.ts'
import { TransportError } from './errors.ts'
import { SocketBlocks } from './socket-blocks.ts'

/** A TLS connection to somebody: who it is, only the handshake of `client-session.ts` finds out. */
export interface DialedConnection {
  readonly blocks: Blocks
  /** What the client's Finished says; null where the library does not tell (BoringSSL). smp.md 2.4 */
  readonly sessionId: Uint8Array | null
  /** The certificate whose key the peer has proved to hold. */
  readonly leafDer: Uint8Array
}

/** Electron's TLS library: other algorithms, and no Finished. smp.md 2.4, 2.5 */
const boring = process.versions['openssl'] === '0.0.0'

/** Rejects with `TransportError`, or with the signal's reason. Sends no SNI, as SMP clients must not. smp.md 2.3 */
export function dialTls(
  address: RelayAddress,
  options: { signal: AbortSignal; clock: Clock },
): Promise<DialedConnection> {
  const { signal, clock } = options
  if (address.keyHash.length !== FINGERPRINT_SIZE)
    return Promise.reject(
      new TransportError('transport.identity', 'the fingerprint in the address has the wrong length', {
        length: address.keyHash.length,
      }),
    )
  if (isOverlayName(preferredHost(address)))
    return Promise.reject(new TransportError('transport.host-kind', 'no way into the network of this name'))
  if (signal.aborted) return Promise.reject(signal.reason as Error)
  return new Promise((resolve, reject) => {
    const socket = openSocket(address)
    const stop = (error: Error): void => {
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      reject(error)
    }
    const onAbort = (): void => stop(signal.reason as Error)
    const onError = (error: NodeJS.ErrnoException): void => stop(connectError(error))
    const onEarlyClose = (): void => stop(connectError({ code: 'closed' }))
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('error', onError)
    socket.on('close', onEarlyClose)
    socket.once('secureConnect', () => {
      const leafDer = socket.getPeerX509Certificate()?.raw
      if (!leafDer) return stop(new TransportError('transport.identity', 'a peer without a certificate'))
      signal.removeEventListener('abort', onAbort)
      const blocks = new SocketBlocks(socket, clock)
      socket.off('error', onError)
      socket.off('close', onEarlyClose)
      resolve({ blocks, sessionId: finished(socket.getFinished()), leafDer: new Uint8Array(leafDer) })
    })
  })
}

function openSocket(address: RelayAddress): TLSSocket {
  const socket = connect({
    host: preferredHost(address),
    port: Number(effectivePort(address)),
    ALPNProtocols: [ALPN],
    minVersion: 'TLSv1.3',
    ciphers: CLIENT_CIPHERS,
    ecdhCurve: boring ? BORING_GROUPS : GROUPS,
    sigalgs: boring ? BORING_SIGNATURES : SIGNATURES,
    // No authority and no host name vouch for a relay: the fingerprint does, checked in `client-session.ts`.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    secureOptions: constants.SSL_OP_NO_TICKET,
  })
  socket.setNoDelay(true)
  socket.setKeepAlive(true, KEEP_ALIVE_IDLE)
  return socket
}

/** Null where the library has none to give. */
export function finished(data: Buffer | undefined): Uint8Array | null {
  return data && data.length > 0 ? new Uint8Array(data) : null
}

function connectError(error: { code?: string | undefined }): TransportError {
  const reason = error.code ?? 'error'
  return /^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(reason)
    ? new TransportError('transport.tls', 'no TLS with this server', { reason })
    : new TransportError('transport.unreachable', 'no connection', { reason })
}
