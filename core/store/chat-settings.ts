import { sql } from './sql.ts'
import type { ReadDb, WriteTx } from './store.ts'

export function getSetting(db: ReadDb, key: string): string | null {
  return db.get<{ value: string }>(sql`SELECT value FROM setting WHERE key = ${key}`)?.value ?? null
}

export function putSetting(tx: WriteTx, key: string, value: string): void {
  tx.run(sql`
    INSERT INTO setting (key, value) VALUES (${key}, ${value})
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
}

export function deleteSetting(tx: WriteTx, key: string): void {
  tx.run(sql`DELETE FROM setting WHERE key = ${key}`)
}

/* ---- relays */

export interface RelayRecord {
  /** The same for every way to write the same server. */
  relayKey: string
  /** With its password, if it has one. */
  address: string
  enabled: boolean
  source: 'user' | 'flag' | 'preset'
}

interface RelayRow {
  relay_key: string
  address: string
  enabled: number
  source: RelayRecord['source']
}

export function listRelays(db: ReadDb): RelayRecord[] {
  return db
    .all<RelayRow>(
      sql`SELECT relay_key, address, enabled, source FROM relay_entry ORDER BY added_at, relay_key`,
    )
    .map((row) => ({
      relayKey: row.relay_key,
      address: row.address,
      enabled: row.enabled !== 0,
      source: row.source,
    }))
}

export function putRelay(tx: WriteTx, relay: RelayRecord, now: number): void {
  tx.run(sql`
    INSERT INTO relay_entry (relay_key, address, enabled, source, added_at)
    VALUES (${relay.relayKey}, ${relay.address}, ${relay.enabled}, ${relay.source}, ${now})
    ON CONFLICT (relay_key) DO UPDATE SET
      address = excluded.address, enabled = excluded.enabled, source = excluded.source`)
}

/** Whether a listed relay shows a page to people who open a link; null: nobody has looked, or it is not listed. */
export function getRelayPage(db: ReadDb, relayKey: string): boolean | null {
  const row = db.get<{ page: number | null }>(sql`SELECT page FROM relay_entry WHERE relay_key = ${relayKey}`)
  return row && row.page !== null ? row.page === 1 : null
}

export function setRelayPage(tx: WriteTx, relayKey: string, page: boolean): void {
  tx.run(sql`UPDATE relay_entry SET page = ${page ? 1 : 0} WHERE relay_key = ${relayKey}`)
}

export function deleteRelay(tx: WriteTx, relayKey: string): void {
  tx.run(sql`DELETE FROM relay_entry WHERE relay_key = ${relayKey}`)
}

/* ---- results of calls that must not happen twice */

export function getOnce(db: ReadDb, method: string, once: string): string | null {
  return (
    db.get<{ result: string }>(sql`SELECT result FROM call_once WHERE method = ${method} AND once = ${once}`)
      ?.result ?? null
  )
}

/** `about` is the id of what was made: its result is forgotten with it. */
export function putOnce(
  tx: WriteTx,
  call: { method: string; once: string; result: string; about: string | null },
  now: number,
): void {
  tx.run(sql`
    INSERT INTO call_once (method, once, result, about, created_at)
    VALUES (${call.method}, ${call.once}, ${call.result}, ${call.about}, ${now})`)
}

export function forgetOnceAbout(tx: WriteTx, about: string): void {
  tx.run(sql`DELETE FROM call_once WHERE about = ${about}`)
}

export function forgetOnceBefore(tx: WriteTx, time: number): void {
  tx.run(sql`DELETE FROM call_once WHERE created_at < ${time}`)
}
