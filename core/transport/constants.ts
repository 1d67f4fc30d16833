/* ---- specification */

/** What an SMP client offers, and all it accepts. smp.md 2.3 */
export const ALPN = 'smp/1'
/** The only suite of SMP ports under TLS 1.3. smp.md 2.1 */
export const CLIENT_CIPHERS = 'TLS_CHACHA20_POLY1305_SHA256'
export const SERVER_CIPHERS = 'TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-CHACHA20-POLY1305'
export const GROUPS = 'X25519:X448'
export const SIGNATURES = 'ed25519:ed448'
/** BoringSSL knows neither X448 nor Ed448, and offers no Ed25519 unless told. smp.md 2.5 */
export const BORING_GROUPS = 'X25519'
export const BORING_SIGNATURES = 'ed25519'

/** Milliseconds of silence before TCP probes the peer. smp.md 2.6 */
export const KEEP_ALIVE_IDLE = 30_000
/** A server's patience, in milliseconds. smp.md 2.6 */
export const TLS_SETUP_TIMEOUT = 60_000
export const HANDSHAKE_TIMEOUT = 120_000

/** What a relay waits before its first word over WebSocket: the client hears nothing before some 5 ms. smp.md 11 */
export const WEB_FIRST_WORD = 20

/* ---- ours */

/** Bytes of an HTTP request head: a browser's with cookies of no use to us. */
export const WEB_HEAD_SIZE = 8_192
/** Milliseconds for an upgrade request to come in whole. */
export const WEB_UPGRADE_TIMEOUT = 30_000

/** Milliseconds that output still gets after `close()`, then the socket is destroyed: a peer that stopped reading must not hold it. */
export const CLOSE_GRACE = 2_000
