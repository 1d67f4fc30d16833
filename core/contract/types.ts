import type { Failure } from './errors.ts'

/** The nouns of the application contract. Times are ISO 8601 UTC with milliseconds; ids are opaque; `null` is "none". */
export interface Profile {
  displayName: string
  fullName?: string
  description?: string
  /** `data:image/(png|jpg);base64,` URI. */
  image?: string
  /** A link to this person's address. */
  address?: string
}

/** One of the profiles of this installation. */
export interface ProfileEntry {
  profileId: string
  profile: Profile
  /** The one in use; at most one is. */
  active: boolean
  hidden: boolean
  muted: boolean
  /** Unread messages of all its contacts. */
  unread: number
  contacts: number
  requests: number
}

export type ConnectionStatus = 'waiting' | 'connecting' | 'connected' | 'failed'

/** Refines `status`: see the table in `phases` of the contract. */
export type ConnectionPhase =
  | 'creating'
  /** Used once its relay can be reached. */
  | 'queued'
  | 'unused'
  | 'shared'
  /** The relay says that somebody has taken the link; no profile has come yet. */
  | 'opened'
  /** At an address: waits for acceptance. */
  | 'requested'
  | 'awaiting-peer'
  | 'connecting'
  | 'connected'
  | 'refused'
  | 'failed'
  | 'expired'

export interface TimelineStep {
  at: string
  what: 'made' | 'shared' | 'opened' | 'keys-agreed' | 'ready' | 'failed' | 'expired'
}

export interface Connection {
  connectionId: string
  /** One value through the whole life of a row: a pending row becomes a contact in place. */
  rowId: string
  /** The own profile that it belongs to. */
  profileId: string
  kind: 'invitation' | 'address'
  role: 'creator' | 'joiner'
  status: ConnectionStatus
  phase: ConnectionPhase
  /** Private name, becomes the contact's `localName`; never sent. */
  name: string | null
  incognitoProfile: Profile | null
  /** Creator only, and only while it works. */
  link: string | null
  fullLink: string | null
  relay: string | null
  /** Who can use the link, by the names of its relay; `null` where there is no link. */
  reach: Reach | null
  /** The link names the relay of this computer as it was before: at another place, or while it is switched off. */
  stale: Stale | null
  contactId: string | null
  /** When a link made here stops working. */
  expiresAt: string | null
  openedAt: string | null
  /** Opened for ten minutes, and nobody has completed it. */
  openedAlarm: boolean
  /** Label of the own address that a request accepted here came through. */
  addressLabel: string | null
  error: Failure | null
  createdAt: string
  updatedAt: string
}

export type AddressState = 'active' | 'paused' | 'stopped' | 'replacing' | 'failed'

/** A link that many may use, until its owner deletes it. */
export interface Address {
  addressId: string
  /** The own profile that it leads to. */
  profileId: string
  link: string
  fullLink: string
  /** Private; `null` for the default one. */
  label: string | null
  isDefault: boolean
  /** `replacing`: a new one was made and waits for its place, this one still works; `address.replace` goes on. */
  state: AddressState
  autoAccept: { incognito: boolean } | null
  welcomeMessage: string | null
  sharedInProfile: boolean
  stopAt: string | null
  /** Number of requests in all after which it takes no more. */
  stopAfter: number | null
  /** `dropped`: not kept, because the address was paused, stopped or full, or the asker is ignored. */
  requests: { waiting: number; total: number; accepted: number; rejected: number; dropped: number }
  /** More requests wait, or came lately, than a person can look at. */
  flood: boolean
  relay: string
  /** Who can use the link, by the names of its relay. */
  reach: Reach
  stale: Stale | null
  /** Whether new queues would still be made there. */
  relayEnabled: boolean
  /** Contacts that have not yet taken the profile with or without this address. */
  profileUpdates: { pending: number; failed: number }
  error: Failure | null
  createdAt: string
}

export type RequestState = 'waiting' | 'accepting' | 'gone' | 'failed'

/** Somebody who asks at an own address. Asking again updates the one row and counts. */
export interface Request {
  requestId: string
  /** The same for the contact that comes of it. */
  rowId: string
  profileId: string
  /** `null`: the address was deleted meanwhile. */
  addressId: string | null
  addressLabel: string | null
  profile: Profile
  message: string | null
  /** How often it was asked again. */
  repeats: number
  state: RequestState
  createdAt: string
  updatedAt: string
}

/** How and when a contact came about. */
export interface ConnectedVia {
  kind: 'invitation' | 'address'
  label: string | null
  at: string
}

export type VerifiedHow = 'scan' | 'paste' | 'hand'

export interface SecurityCode {
  /** Digits in groups of five, the same on both sides; empty while `unavailable`. */
  code: string
  /** The text to draw. */
  qr: string
  verifiedAt: string | null
  state: 'unavailable' | 'unverified' | 'verified' | 'changed'
  /** The same bits, to be read aloud. */
  words: string[]
}

export interface Verified {
  matches: boolean
  verifiedAt: string | null
  /** Why it does not match: digits are missing or too many, or it is no code at all. */
  reason: 'different' | 'incomplete' | 'not-a-code' | null
}

/** `deleted`: by me, and its chat is kept to be read. */
export type ContactStatus = 'connecting' | 'active' | 'deleted-by-peer' | 'deleted'

export interface Contact {
  contactId: string
  rowId: string
  /** The own profile that this person is a contact of. */
  profileId: string
  /** What to show: `localName` or the profile's display name. */
  name: string
  localName: string | null
  profile: Profile
  incognitoProfile: Profile | null
  status: ContactStatus
  /** How far it is while it is still connecting; `null` after that. */
  connection: Connection | null
  connectedVia: ConnectedVia
  verifiedAt: string | null
  verifiedHow: VerifiedHow | null
  /** The code that was compared has changed since, and nobody has looked at it. */
  codeChangedAt: string | null
  /** Messages wait until the code is compared (again). */
  holdUntilVerified: boolean
  /** Connected for a day, never compared, never dismissed. */
  suggestVerify: boolean
  unread: number
  /** Somebody wants to come back to it, whatever was read. */
  markedUnread: boolean
  /** Raises no notifications. */
  muted: boolean
  /** Stands above the others in the list. */
  pinned: boolean
  /** What was being written when it was left. */
  draft: string | null
  undelivered: number
  lastMessage: Message | null
  createdAt: string
}

export type MessageStatus = 'sending' | 'sent' | 'delivered' | 'failed' | 'received'

export interface MessageContent {
  /** `text` is what stage 1 sends; other types of peers are kept whole and shown as their text. */
  type: string
  text: string
}

export interface Message {
  messageId: string
  /** `null`, with `connectionId` set, only for what was written to a joined link that has no contact yet. */
  contactId: string | null
  connectionId?: string
  direction: 'in' | 'out'
  content: MessageContent
  status: MessageStatus
  error: Failure | null
  waits: 'relay' | 'peer' | 'verification' | null
  quotedId?: string
  editedAt?: string
  deletedAt?: string
  reactions: { emoji: string; mine: boolean; count: number }[]
  createdAt: string
  sentAt: string | null
  deliveredAt: string | null
}

export interface ChatRow {
  rowId: string
  kind: 'contact' | 'request' | 'pending'
  contact?: Contact
  request?: Request
  connection?: Connection
}

export interface FoundMessage {
  message: Message
  /** The first hit with what stands around it, on one line; `hit` is empty where only the index sees it. */
  before: string
  hit: string
  after: string
}

export interface FoundChats {
  contacts: Contact[]
  connections: Connection[]
  requests: Request[]
  messages: FoundMessage[]
}

export type PlanStatus = 'new' | 'own' | 'connecting' | 'known' | 'used' | 'requested' | 'paused' | 'gone'
export type PlanWarning = 'user-name' | 'port' | 'look-alike' | 'unknown-relay' | 'business'

export interface Plan {
  kind: 'invitation' | 'address'
  status: PlanStatus
  addressId?: string
  connectionId?: string
  contactId?: string
  /** `looksRandom`: a name of the shape that random ones have, and nothing beside it. The link itself does not say. */
  preview: { profile: Profile; message: string | null; looksRandom: boolean } | null
  /** As repaired: what the dialog shows and what `connection.connect` takes. */
  link: string
  form: 'full' | 'short'
  relay: string
  knownRelay: boolean
  requestedAt: string | null
  warnings: PlanWarning[]
}

/** `relay`: one that passes on a channel; `name`: one to be looked up, as @name.simplex. */
export type LooksLike = 'web' | 'group' | 'channel' | 'relay' | 'file' | 'name' | 'other-app' | 'text'

export interface Found {
  kind: 'link' | 'relay' | 'securityCode' | 'other'
  text: string
  link?: { kind: 'invitation' | 'address'; form: 'full' | 'short'; relay: string }
  looksLike?: LooksLike
}

export type RelayState = 'online' | 'connecting' | 'offline'

export interface RelayEntry {
  address: string
  state: RelayState
  embedded: boolean
  enabled: boolean
  error: string | null
  since: string
  operator: string | null
  queues: number
  hasAddress: boolean
  /** Who can use links that are made there, by its names. */
  reach: Reach
  /** Whether it shows a page to people who open a link in a browser; `null`: not known yet. */
  page: boolean | null
}

export type RelayStep = 'reach' | 'certificate' | 'handshake' | 'create' | 'use' | 'delete'

export interface RelayTest {
  ok: boolean
  error?: string
  roundTripMs?: number
  steps: { step: RelayStep; ok: boolean; ms: number; error?: string }[]
  /** Whether it shows a page to people who open a link in a browser; `null`: nobody could be asked. */
  page: boolean | null
}

export interface RelayLine {
  line: number
  address: string | null
  error: string | null
}

export type RelayChoice = 'embedded' | 'own' | 'preset'
export type Reach = 'this-computer' | 'local-network' | 'internet'
export type Stale = 'moved' | 'off'

/** A relay that something of ours needs and that does not answer. */
export interface SilentRelay {
  address: string
  state: 'connecting' | 'offline'
  error: string | null
  since: string
  embedded: boolean
  /** Own queues there: links and contacts. */
  queues: number
}

export interface Network {
  state: 'online' | 'connecting' | 'offline' | 'partly'
  since: string
  waitingToSend: number
  choice: RelayChoice
  /** Somebody has chosen, or something is in use already; until then `choice` is what programs start with. */
  chosen: boolean
  /** `inUse`: queues are there, so that it is not switched off by another choice; of ours, while it is off. */
  embedded: {
    on: boolean
    address: string | null
    reachableFrom: Reach | null
    inUse: boolean
    /** Why it is off although it is wanted; it is tried again by itself. */
    trouble: { reason: 'port-taken' | 'runtime' | 'lost' | 'failed'; port: number | null } | null
  }
  silent: SilentRelay[]
}

export type OnboardingStep = 'profile' | 'relays' | 'protect' | 'done'

export interface StartTrouble {
  cause:
    | 'unreadable'
    | 'empty'
    | 'not-a-file'
    | 'foreign-journal'
    | 'missing'
    | 'foreign'
    | 'io'
    | 'no-folder'
    | 'newer'
    | 'read-only'
    | 'disk-full'
    | 'in-use'
  /** For whoever is asked for help: codes and sizes, and neither a path nor a name. */
  details: string
}

export interface App {
  version: string
  state: 'ready' | 'locked' | 'damaged' | 'newer' | 'read-only' | 'disk-full' | 'in-use'
  /** With a state that the data folder is to blame for. */
  trouble?: StartTrouble
  dataDir: string
  onboarding: OnboardingStep
  protection: 'none' | 'keychain' | 'passphrase'
  heldLink: boolean
  abilities: string[]
}

export interface Notification {
  notificationId: string
  kind: 'message' | 'request' | 'connected' | 'opened' | 'problem'
  /** The own profile that it is about, active or not. */
  profileId: string
  contactId?: string
  rowId?: string
  title: string
  body: string | null
}
