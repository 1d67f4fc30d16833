import type { Millis } from '#core/base'

export const SECOND = 1_000
const HOUR = 3_600 * SECOND
const DAY = 24 * HOUR

/* ---- specification */

/** Messages of a queue before the marker. smp.md 5.5 */
const QUOTA = 128
/** How long a message waits for its recipient. smp.md 5.5 */
const MESSAGE_TTL = 21 * DAY
/** How often expired messages are looked for. smp.md 5.5 */
const EXPIRY_INTERVAL = 2 * HOUR
/** How long a notification waits for its notifier. smp.md 5.5 */
const NOTICE_TTL = DAY
/** A client without subscriptions is dropped after this silence, looked for every hour. smp.md 2.6 */
const IDLE_TIMEOUT = 6 * HOUR
const IDLE_INTERVAL = HOUR

/* ---- ours */

/** Longer than a device that is used once a year is away. */
const QUEUE_TTL = 400 * DAY

/** All of them can be set: an operator's machine differs from a laptop, and tests want small ones. */
export interface RelayLimits {
  /** False: NEW is AUTH for everybody, whatever password they have; queues that exist go on. */
  readonly newQueues: boolean
  readonly quota: number
  readonly messageTtl: Millis
  readonly expiryInterval: Millis
  readonly expireOnSend: boolean
  readonly noticeTtl: Millis
  readonly idleTimeout: Millis
  readonly idleInterval: Millis
  /** Since its recipient last subscribed or asked; a queue in use, however quiet, is asked for at every connect. */
  readonly queueTtl: Millis
  /** Notifications that wait for one notifier; the oldest go first. They only say "look", so a few are as good as many. */
  readonly noticesPerQueue: number
  /** One idle connection costs about 70 KiB (60 of them TLS buffers): this many fit a small server of 1 GiB. */
  readonly connections: number
  /** Of one IP address; many people may share one (a mobile network, Tor), one attacker should not fill the relay. */
  readonly connectionsPerAddress: number
  /** Connections still in TLS or hellos, each about 70 KiB; above it the oldest gives way. */
  readonly handshakes: number
  /** Of one address: a household that comes back after an outage has hundreds at once, an attacker all he can. */
  readonly handshakesPerAddress: number
  /** smp.md 2.6 */
  readonly tlsTimeout: Millis
  /** smp.md 2.6 */
  readonly helloTimeout: Millis
  /** For the request of a WebSocket: one round trip, on a slow network. */
  readonly upgradeTimeout: Millis
  /** The rest of a block that has begun. A mobile network at its worst moves 200 bytes a second. */
  readonly blockTimeout: Millis
  /** How often late blocks, of clients or of ours, are looked for. */
  readonly blockInterval: Millis
  /** Of one connection, on average over a second; above it reading waits. High enough to hinder nobody honest; not derived from a measurement. */
  readonly blocksPerSecond: number
  /** Made over one connection; a client has a queue for each contact. */
  readonly queuesPerConnection: number
  /** A subscription costs about 200 bytes; a busy client has ten thousand. */
  readonly subscriptionsPerConnection: number
  /** About 500 bytes of disk each, two blocks of link data at most on top. */
  readonly queues: number
  /** Encoded answers that wait for a slow reader before its own commands are read no further. */
  readonly outputPause: number
  /** Above it the connection is cut: events of others, which nobody can hold back, would fill memory. */
  readonly outputLimit: number
  /** A reader that takes nothing at all for so long is cut. Slow mobile networks need seconds for a block, not minutes. */
  readonly outputTimeout: Millis
  /** Blocks of one connection that wait for their turn, so that one flood does not hold up all others. */
  readonly inputBlocks: number
  /**
   * Processor time a second, in ms, after which a connection's blocks come behind those of everybody else: a client
   * that talks needs a few ms, one that comes back with a thousand queues needs them once.
   */
  readonly workPerSecond: Millis
  /** How much of that can be saved up, and how deep a connection can be in debt. */
  readonly workBurst: Millis
  /**
   * Of one block, before others have their turn: a block holds 80 signatures, and those who talk should not wait for all
   * of them. Its answers leave together all the same.
   */
  readonly sliceTime: Millis
  /** A block of somebody who has used more than his share waits no longer: his client has given up on it long before. */
  readonly turnTimeout: Millis
  /** A commit's blocks are not gathered for longer: sockets are to be read, and answers are to leave. */
  readonly turnTime: Millis
  /** Blocks that share one commit: beyond it the fsync is shared well enough, and answers would only wait longer. */
  readonly blocksPerCommit: number
}

export const DEFAULT_LIMITS: RelayLimits = {
  newQueues: true,
  quota: QUOTA,
  messageTtl: MESSAGE_TTL,
  expiryInterval: EXPIRY_INTERVAL,
  expireOnSend: true,
  noticeTtl: NOTICE_TTL,
  idleTimeout: IDLE_TIMEOUT,
  idleInterval: IDLE_INTERVAL,
  queueTtl: QUEUE_TTL,
  noticesPerQueue: 64,
  connections: 10_000,
  connectionsPerAddress: 5_000,
  handshakes: 2_000,
  handshakesPerAddress: 1_000,
  tlsTimeout: 60 * SECOND,
  helloTimeout: 120 * SECOND,
  upgradeTimeout: 30 * SECOND,
  blockTimeout: 90 * SECOND,
  blockInterval: 30 * SECOND,
  blocksPerSecond: 20_000,
  queuesPerConnection: 200_000,
  subscriptionsPerConnection: 200_000,
  queues: 2_000_000,
  outputPause: 1024 * 1024,
  outputLimit: 16 * 1024 * 1024,
  outputTimeout: 120 * SECOND,
  inputBlocks: 8,
  workPerSecond: 50,
  workBurst: 500,
  sliceTime: 4,
  turnTimeout: 30 * SECOND,
  turnTime: 20,
  blocksPerCommit: 128,
}

/** Bytes handed to the TLS library before the rest waits here, where it can still change its mind. Four blocks keep it busy. */
export const SOCKET_FILL = 4 * 16_384
/** What a clean stop waits for last answers to go out; a program has 5 s in all. api.md, Programs */
export const STOP_GRACE: Millis = 2 * SECOND
/** Rows that one step of expiry looks at, so that no one waits long for its end. */
export const EXPIRY_STEP = 500
/** Keys of a connection whose secrets are kept, about 220 bytes each: as many as a busy sender uses in a minute. */
export const PROVEN_KEYS = 64
export const MILLIS_PER_DAY = DAY
