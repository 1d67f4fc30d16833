import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

/** An own address: a link that many may use, and what happens to those who do. */
export interface AddressRecord {
  addressId: string
  /** The own profile that it leads to. */
  profileId: string
  /** The agent's id; another one after the address was replaced. */
  connId: string
  link: string
  /** Equal to `link` where there is no short one. */
  fullLink: string
  /** Hash of what the relay was last told to show behind the link; null: nothing, or it refused. */
  shown: Uint8Array | null
  /** Host of its relay, for reading. */
  relay: string
  label: string | null
  isDefault: boolean
  autoAccept: 'profile' | 'incognito' | null
  welcome: string | null
  paused: boolean
  stopAt: number | null
  stopAfter: number | null
  total: number
  accepted: number
  rejected: number
  dropped: number
  /** Start of the present minute of counting, and what came in it. */
  windowStart: number
  windowCount: number
  /** The queue of the link before this one, until its relay has deleted it. */
  replacedRcvId: Uint8Array | null
  error: string | null
  createdAt: number
}

interface Row {
  address_id: string
  profile_id: string
  conn_id: string
  link: string
  full_link: string
  shown: Uint8Array | null
  relay: string
  label: string | null
  is_default: number
  auto_accept: 'profile' | 'incognito' | null
  welcome: string | null
  paused: number
  stop_at: number | null
  stop_after: number | null
  total: number
  accepted: number
  rejected: number
  dropped: number
  window_start: number
  window_count: number
  replaced_rcv_id: Uint8Array | null
  error: string | null
  created_at: number
}

const toAddress = (row: Row): AddressRecord => ({
  addressId: row.address_id,
  profileId: row.profile_id,
  connId: row.conn_id,
  link: row.link,
  fullLink: row.full_link,
  shown: row.shown,
  relay: row.relay,
  label: row.label,
  isDefault: row.is_default !== 0,
  autoAccept: row.auto_accept,
  welcome: row.welcome,
  paused: row.paused !== 0,
  stopAt: row.stop_at,
  stopAfter: row.stop_after,
  total: row.total,
  accepted: row.accepted,
  rejected: row.rejected,
  dropped: row.dropped,
  windowStart: row.window_start,
  windowCount: row.window_count,
  replacedRcvId: row.replaced_rcv_id,
  error: row.error,
  createdAt: row.created_at,
})

export function getAddress(db: ReadDb, addressId: string): AddressRecord | null {
  const row = db.get<Row>(sql`SELECT * FROM chat_address WHERE address_id = ${addressId}`)
  return row ? toAddress(row) : null
}

export function getDefaultAddress(db: ReadDb, profileId: string): AddressRecord | null {
  const row = db.get<Row>(sql`SELECT * FROM chat_address WHERE profile_id = ${profileId} AND is_default = 1`)
  return row ? toAddress(row) : null
}

export function getAddressByConnId(db: ReadDb, connId: string): AddressRecord | null {
  const row = db.get<Row>(sql`SELECT * FROM chat_address WHERE conn_id = ${connId}`)
  return row ? toAddress(row) : null
}

export function getAddressByLabel(db: ReadDb, profileId: string, label: string): AddressRecord | null {
  const row = db.get<Row>(
    sql`SELECT * FROM chat_address WHERE profile_id = ${profileId} AND label = ${label}`,
  )
  return row ? toAddress(row) : null
}

/** Of one profile: the default one first, then as they were made. */
export function listAddresses(db: ReadDb, profileId: string): AddressRecord[] {
  return db
    .all<Row>(
      sql`SELECT * FROM chat_address WHERE profile_id = ${profileId}
        ORDER BY is_default DESC, created_at, address_id`,
    )
    .map(toAddress)
}

/** Of all profiles. */
export function listAllAddresses(db: ReadDb): AddressRecord[] {
  return db.all<Row>(sql`SELECT * FROM chat_address ORDER BY created_at, address_id`).map(toAddress)
}

export function insertAddress(tx: WriteTx, address: AddressRecord): void {
  tx.run(sql`
    INSERT INTO chat_address
      (address_id, profile_id, conn_id, link, full_link, shown, relay, label, is_default, auto_accept, welcome, created_at)
    VALUES (${address.addressId}, ${address.profileId}, ${address.connId}, ${address.link}, ${address.fullLink},
      ${address.shown}, ${address.relay}, ${address.label},
      ${address.isDefault}, ${address.autoAccept}, ${address.welcome}, ${address.createdAt})`)
}

/** Writes back everything but the ids. */
export function saveAddress(tx: WriteTx, address: AddressRecord): void {
  tx.run(sql`
    UPDATE chat_address SET conn_id = ${address.connId}, link = ${address.link},
      full_link = ${address.fullLink}, shown = ${address.shown}, relay = ${address.relay},
      label = ${address.label}, auto_accept = ${address.autoAccept}, welcome = ${address.welcome},
      paused = ${address.paused}, stop_at = ${address.stopAt}, stop_after = ${address.stopAfter},
      total = ${address.total}, accepted = ${address.accepted}, rejected = ${address.rejected},
      dropped = ${address.dropped}, window_start = ${address.windowStart}, window_count = ${address.windowCount},
      replaced_rcv_id = ${address.replacedRcvId}, error = ${address.error}
    WHERE address_id = ${address.addressId}`)
}

/** Its requests stay. */
export function removeAddress(tx: WriteTx, addressId: string): void {
  tx.run(sql`DELETE FROM chat_address WHERE address_id = ${addressId}`)
}

/** Whether the relay of the replaced link has still to delete it. */
export function isReplacing(db: ReadDb, address: AddressRecord): boolean {
  if (address.replacedRcvId === null) return false
  return db.get(sql`SELECT 1 FROM agent_queue_deletion WHERE rcv_id = ${address.replacedRcvId}`) !== undefined
}
