import type { Clock, Log, Millis, Random } from '#core/base'
import type { RelayPool } from '#core/client'
import type { RelayAddress } from '#core/protocol'
import type { ReadDb, Store, WriteTx } from '#core/store'
import type { ContactLink, InvitationLink, ShortLink } from './wire/index.ts'

/** A parsed full one-time link, as `parseConnectionLink` returns it. */
export type ParsedInvitation = InvitationLink
/** A parsed full contact link. */
export type ParsedContact = ContactLink

/** Local id of a connection: 12 random bytes in base64url, never on the wire. */
export type ConnId = string

export interface AgentDeps {
  readonly store: Store
  readonly relays: RelayPool
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly handler: AgentHandler
  /** Whether a relay shows a page to people who open a link of it: then short links are web addresses. Default: none does. */
  readonly hasPage?: (db: ReadDb, relay: RelayAddress) => boolean
  /**
   * A relay of ours as it is known now, with its password, and another one where it is in use no more. `refused`: it made
   * no queue, so another one is wanted where there is one. Default: it stays.
   */
  readonly ownRelay?: (db: ReadDb, relay: RelayAddress, refused: boolean) => RelayAddress
}

/** Known only when the envelope of a request is made. */
export interface RequestEnvelope {
  /** 16 random bytes, the same in every attempt and repetition of one request, also before it is visible. */
  readonly seed: Uint8Array
  /** The most bytes of connInfo that fit beside the keys. agent.md 4.4 */
  readonly room: number
  /** The version agreed with the address. */
  readonly agentVersion: number
}
/** What the asker says of itself, or how to make it for the room there is. */
export type RequestInfo = Uint8Array | ((envelope: RequestEnvelope) => Uint8Array)

/** `shortLink`: where there was data for one, and the relay can keep it. */
export interface MadeLink {
  readonly connId: ConnId
  /** The full link. */
  readonly link: string
  readonly shortLink: string | null
}

export interface NewLinkOptions {
  readonly relay: RelayAddress
  /** What the application says behind the short link; without it there is none. agent.md 5.6 UserBytes */
  readonly userData?: Uint8Array
  readonly signal?: AbortSignal
}

/** What lies behind a short link, and is what its author signed. */
export interface ResolvedLink {
  /** For `join` or `requestContact`. */
  readonly link: ParsedInvitation | ParsedContact
  /** The application's. Unverified in every other respect than that the link's author wrote it. */
  readonly userData: Uint8Array
  /** False: it is not for connecting by it (a channel). */
  readonly direct: boolean
}

/** What is known here of a short link. */
export interface FoundLink {
  readonly connId: ConnId
  readonly what: 'own' | 'own-address' | 'joined' | 'requested'
}

/** The agent: connections, each with its queues, its ratchet and its ordered send queue. */
export interface Agent {
  /** Subscribes all queues, goes on with what was begun, cleans up what nobody wants. Safe to call once. */
  start(): void
  /** Ends all work of the agent; the relay pool is its owner's to close. */
  stop(): Promise<void>

  /**
   * Makes a queue at `relay` (10 s), then runs ONE transaction with `commit` inside.
   * Rejects with `relay.unreachable`, `relay.identity`, `relay.refused`, `agent.too-large` (the data) or the signal's reason,
   * and then nothing was stored.
   */
  createInvitation(options: NewLinkOptions, commit: (tx: WriteTx, made: MadeLink) => void): Promise<MadeLink>

  /**
   * Asks the link's relay what lies behind it (10 s). Reading a one-time link claims it, once and for good: the key is
   * stored before the relay is asked, later tries use the same, and `join` of the result goes on with it.
   * Rejects with `agent.link-used`, `agent.already-joined` (`facts.connId`), `agent.address-gone`, `agent.link-data` (not
   * what the link stands for, or a relay that cannot be recognised), `agent.version`, `relay.*`, or the signal's reason.
   */
  resolveLink(link: ShortLink, options: { signal?: AbortSignal }): Promise<ResolvedLink>
  /** A short link of ours, or one by which there is a connection. `isWanted`: of own links and of requests. Asks nobody. */
  findShort(db: ReadDb, link: ShortLink, isWanted?: (connId: ConnId) => boolean): FoundLink | null
  /**
   * New data behind an own link, in the background; the newest wins. An address without a short link gets one. Does nothing
   * for an invitation that is used or has no short link. Throws `agent.not-found`, `agent.too-large`.
   */
  updateLinkData(tx: WriteTx, connId: ConnId, userData: Uint8Array): void
  /**
   * The same, waited for (10 s). Rejects with `agent.link-claimed` when somebody has fetched it, `agent.queue-gone`,
   * `agent.not-found`, `agent.too-large`, `relay.*`.
   */
  setLinkData(connId: ConnId, userData: Uint8Array, options: { signal?: AbortSignal }): Promise<void>
  /** Asks the relay (10 s) whether somebody has taken an invitation. Rejects with `agent.not-found`, `agent.queue-gone`, `relay.*`. */
  linkOpened(connId: ConnId, options: { signal?: AbortSignal }): Promise<boolean>

  /**
   * Claims the link (SKEY, 10 s); when the relay agrees, `commit` runs in the transaction that makes the connection visible.
   * The reply queue and the confirmation follow by themselves, also after a restart. After an error nothing is visible;
   * another try of the same link goes on with the same keys.
   * Rejects with `agent.link-used`, `agent.already-joined` (`facts.connId`), `agent.version`, `relay.*`, or the signal's reason.
   */
  join(
    link: ParsedInvitation,
    options: { connInfo: Uint8Array; replyRelay: RelayAddress; signal?: AbortSignal },
    commit: (tx: WriteTx, made: { connId: ConnId }) => void,
  ): Promise<{ connId: ConnId }>

  /**
   * Makes a contact address at `relay` (10 s): a queue that anybody may write requests to. `commit` runs in the one
   * transaction that stores it; what it throws takes the queue away again. Rejects like `createInvitation`.
   */
  createAddress(options: NewLinkOptions, commit: (tx: WriteTx, made: MadeLink) => void): Promise<MadeLink>
  /** Nobody can ask at it any more: its queue is deleted at the relay in the background. Stored requests stay acceptable. */
  deleteAddress(tx: WriteTx, connId: ConnId): void

  /**
   * Asks at an address (10 s in all): makes an own queue at `relay`, keeps it and the keys, sends the request; when the
   * address's relay has it, `commit` runs in the transaction that makes the connection visible. It is an initiator then:
   * `onConfirmation` comes when the owner accepts. After an error nothing is visible, and another try of the same link goes
   * on with the same queue and keys (for a day). What shows another `identity` is another request, with a queue, keys and a
   * seed of its own: nothing in it says that the two are one person's.
   * Rejects with `agent.address-gone`, `agent.address-full`, `agent.too-large`, `agent.version`, `agent.already-joined`
   * (`facts.connId`; a request that is out already: see `repeatRequest`), `relay.*`, or the signal's reason.
   */
  requestContact(
    link: ParsedContact,
    options: { connInfo: RequestInfo; relay: RelayAddress; identity?: string; signal?: AbortSignal },
    commit: (tx: WriteTx, made: { connId: ConnId }) => void,
  ): Promise<{ connId: ConnId }>
  /**
   * Sends an unanswered request again (10 s), with the same queue and keys. Does nothing once it is answered.
   * Rejects like `requestContact`, and with `agent.not-found`; the request stays as it is, whatever the relay says.
   */
  repeatRequest(connId: ConnId, options: { connInfo: RequestInfo; signal?: AbortSignal }): Promise<void>
  /**
   * Accepts a stored request (10 s): `join` with the invitation inside. What it made and marking the request accepted is
   * one transaction with `commit`. A try after an error or a crash goes on with the same keys; once accepted, it resolves
   * with the connection that was made and `commit` is not called.
   * Rejects with `agent.request-gone` (the asker has deleted its queue; the request stays until it is dropped),
   * `agent.not-found`, `agent.already-joined` (another request of the same asker was accepted), `agent.version`, `relay.*`.
   */
  acceptRequest(
    requestKey: string,
    options: { connInfo: Uint8Array; replyRelay: RelayAddress; signal?: AbortSignal },
    commit: (tx: WriteTx, made: { connId: ConnId }) => void,
  ): Promise<{ connId: ConnId }>
  /** Forgets a stored request; the asker is not told. */
  dropRequest(tx: WriteTx, requestKey: string): void

  /**
   * Queues a message in the caller's transaction; it is delivered in order, as long as it takes (2 days; 7 if the peer's
   * queue is full). Throws `agent.not-ready`, `agent.too-large`, `agent.not-found`.
   */
  send(tx: WriteTx, connId: ConnId, body: Uint8Array, options: { notification: boolean }): { msgId: number }
  canSend(db: ReadDb, connId: ConnId): boolean

  /**
   * Forgets the connection. Its queues are deleted at the relays in the background, also after a restart.
   * With `waitDelivery` what is already queued is still sent first (2 days).
   */
  deleteConnection(tx: WriteTx, connId: ConnId, options: { waitDelivery: boolean }): void

  connectionInfo(db: ReadDb, connId: ConnId): ConnectionInfo | null
  /** Messages on their way out, all connections together. */
  pendingDeliveries(db: ReadDb): number
  /** The connection that joined the queue of a link; hidden, unfinished joins are not found. */
  findJoined(db: ReadDb, server: RelayAddress, sndId: Uint8Array): ConnId | null
  /** The connection whose own queue a link points to. */
  findOwnQueue(db: ReadDb, server: RelayAddress, sndId: Uint8Array): ConnId | null
  /** The own address that a contact link points to. */
  findOwnAddress(db: ReadDb, server: RelayAddress, sndId: Uint8Array): ConnId | null
  /**
   * The connection that asked at the address of a link, the newest of those that are wanted; hidden, unfinished and failed
   * ones are not found.
   */
  findRequested(
    db: ReadDb,
    server: RelayAddress,
    sndId: Uint8Array,
    isWanted?: (connId: ConnId) => boolean,
  ): ConnId | null
  /** The relays of own queues with their numbers, for the network panel. */
  queuesByRelay(db: ReadDb): { relay: RelayAddress; queues: number }[]
  /** Every relay on which we, or those whom we are connected with, receive. */
  relaysOfConnections(db: ReadDb): RelayAddress[]
  /** Those of `relays` (by `relayKey`) that something waits for: queues of ours, messages, a connection being made. */
  neededRelays(db: ReadDb, relays: ReadonlySet<string>): Set<string>
  /** 32 bytes of the code that both people can compare; null before the ratchet exists. agent.md 3.8 */
  securityCode(db: ReadDb, connId: ConnId): string | null
  /**
   * Asks the peer for new keys: `onRatchetChanged` comes when both have them. Until then nothing can be sent. agent.md 4.9
   * Throws `agent.not-ready` before the connection is one.
   */
  resync(tx: WriteTx, connId: ConnId): void
  /** Tries everything that waits at once: the network is back, a person pressed "retry". */
  retryNow(): void
  /**
   * The same for one connection, at another relay of ours where `relay` is given and no queue was made yet. One that failed
   * by a relay of ours alone goes on with its keys: `onResumed`. False: there is nothing that could be tried.
   */
  retry(tx: WriteTx, connId: ConnId, relay?: RelayAddress): boolean
}

export type ConnectionPhase =
  /** initiator: the link is out, nobody has answered */
  | 'waiting'
  /** joiner: the link is ours, reply queue or confirmation not yet through */
  | 'joining'
  /** both: confirmations are exchanged */
  | 'confirming'
  | 'connected'
  | 'failed'

export interface ConnectionInfo {
  readonly connId: ConnId
  /** `address`: a contact address. It never sends, and its phase is always `waiting`. */
  readonly kind: 'pair' | 'address'
  readonly role: 'initiator' | 'joiner'
  readonly phase: ConnectionPhase
  readonly canSend: boolean
  /** Where we receive; null before the joiner's reply queue exists. */
  readonly ownRelay: RelayAddress | null
  /** Where the peer receives; null before the initiator knows. */
  readonly peerRelay: RelayAddress | null
  /** `ended`: another copy of the app took the subscription. `gone`: the relay does not know the queue any more. */
  readonly receiving: 'none' | 'ok' | 'ended' | 'gone'
  /** Why it waits, and since when. */
  readonly waiting: (Waiting & { since: Millis }) | null
  /** Deliveries not yet taken by the peer's relay. */
  readonly pending: number
  /** Error code of a failed connection. */
  readonly error: string | null
}

/** The relay is silent, or the peer's queue is full; `own`: address of the relay of ours that does not make the queue that is needed. */
export interface Waiting {
  readonly for: 'relay' | 'peer'
  readonly code: string
  readonly own: string | null
}

/** Where a received message stands in the peer's numbering. agent.md 4.8 */
export type Integrity = 'ok' | 'bad-id' | 'duplicate' | 'skipped' | 'bad-hash'

/**
 * What the agent tells the chat layer. Every call is synchronous and inside the agent's own write transaction: it may write
 * through `tx`, call `agent.send(tx, …)`, and `tx.afterCommit(…)`. If it throws, nothing of the step happened and the
 * message comes again.
 */
export interface AgentHandler {
  /** Initiator: somebody used the link. `accept` is the own connInfo, sent at once; `refuse` fails the connection with that code. */
  onConfirmation(
    tx: WriteTx,
    connId: ConnId,
    connInfo: Uint8Array,
  ): { accept: Uint8Array } | { refuse: string }
  /** Joiner: the initiator's connInfo. */
  onInfo(tx: WriteTx, connId: ConnId, connInfo: Uint8Array): void
  /** Once: `send` works from now on. Held messages are sent now. Before `onConnected`, for the joiner possibly before `onInfo`. */
  onSendReady(tx: WriteTx, connId: ConnId): void
  /** Once. */
  onConnected(tx: WriteTx, connId: ConnId): void
  /** `msgId` is the peer's number of the message. `receipt: true` tells the peer that it arrived. */
  onMessage(
    tx: WriteTx,
    connId: ConnId,
    message: { msgId: number; body: Uint8Array; integrity: Integrity; brokerTs: Millis },
  ): { receipt: boolean }
  /** The peer's relay has it. */
  onSent(tx: WriteTx, connId: ConnId, msgId: number): void
  /** The peer has it; `ok: false`: it reports another content than was sent. */
  onReceipt(tx: WriteTx, connId: ConnId, msgId: number, ok: boolean): void
  onSendFailed(tx: WriteTx, connId: ConnId, msgId: number, error: { code: string }): void
  /** What goes out on this connection waits, or `null`: waits no more. Called when it changes. */
  onSendDelayed?(tx: WriteTx, connId: ConnId, waiting: Waiting | null): void
  /** A connection that had failed is made after all. */
  onResumed?(tx: WriteTx, connId: ConnId): void
  /** Permanent: the connection will not come about. Also when its queue is gone from the relay before it did. */
  onConnectionFailed(tx: WriteTx, connId: ConnId, error: { code: string }): void
  /** Something arrived that could not be read; it was taken from the queue. */
  onUndecryptable(tx: WriteTx, connId: ConnId, error: { code: string }): void
  /** The queue we receive on ended: taken over by another copy (`agent.queue-ended`) or unknown to the relay (`agent.queue-gone`). */
  onReceivingLost?(tx: WriteTx, connId: ConnId, error: { code: string }): void
  /** The keys are new ones, and so is the security code; `send` works again, and what was held is sent now. agent.md 4.9 */
  onRatchetChanged?(tx: WriteTx, connId: ConnId): void
  /**
   * The relay has the new data behind an own link (`code: null`, with the short link), or refused it for good
   * (`agent.link-claimed`, `agent.queue-gone`, `relay.version`: it keeps no links, or its word). After `updateLinkData`; and
   * after `setLinkData` where it brings the first short link.
   */
  onLinkData?(tx: WriteTx, connId: ConnId, result: { code: string | null; shortLink: string | null }): void
  /**
   * Somebody asks at an address. `store: true` keeps the invitation under `requestKey` (in this transaction) for
   * `acceptRequest`; `false` drops the request. Repetitions come with a key of their own: telling them apart is for
   * whoever understands `connInfo`. With `as`, the key of an earlier one, the new invitation takes the place of that (unless
   * it is accepted), and an attempt to accept it that is under way goes on undisturbed. Whatever else arrives at an address is told by `onUndecryptable`.
   */
  onRequest(
    tx: WriteTx,
    addressConnId: ConnId,
    request: { requestKey: string; connInfo: Uint8Array; brokerTs: Millis },
  ): { store: boolean; as?: string }
}
