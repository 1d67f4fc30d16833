/**
 * transport: from a host name to a session whose peer is known. TLS or WebSocket, blocks of 16,384 bytes, the hellos of both sides,
 * block encryption. It knows no command and no queue, and it never reconnects: that is `client` and `relay`.
 * Start at `blocks.ts`, then `client-session.ts` and `server-session.ts`.
 */
export { nextBlock } from './blocks.ts'
export type { Blocks } from './blocks.ts'
export { clientHandshake, finishHandshake, verifyServerHello } from './client-session.ts'
export type { ClientHandshakeOptions, ClientSession, VerifiedHello } from './client-session.ts'
export { dialTls } from './dial.ts'
export type { DialedConnection } from './dial.ts'
export { TransportError } from './errors.ts'
export type { TransportErrorCode } from './errors.ts'
export { listenWeb } from './listen-web.ts'
export type { ListenWebOptions, WebConnection } from './listen-web.ts'
export type { Gate, Pass } from './gate.ts'
export { listenTls } from './listen.ts'
export type { AcceptedConnection, ListenOptions, Listener } from './listen.ts'
export { memoryPipe } from './memory-pipe.ts'
export { SecureBlocks } from './secure-blocks.ts'
export type { DirectionChains } from './secure-blocks.ts'
export { serverHandshake } from './server-session.ts'
export type { ServerHandshakeOptions, ServerSession } from './server-session.ts'
export { SocketBlocks } from './socket-blocks.ts'
