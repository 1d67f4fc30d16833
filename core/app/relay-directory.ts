/**
 * Which relays there are and which of them new queues go to. Four kinds: the embedded one, own ones, those given on the
 * command line, and the preset list; `choice` says which kind is used. Existing queues stay where they are.
 */
import { PRESET_RELAYS } from '#core/agent'
import { type Clock, equalBytes, type Random } from '#core/base'
import type { RelayChoice } from '#core/contract'
import { formatRelayAddress, parseRelayAddress, type RelayAddress, relayKey } from '#core/protocol'
import {
  type ReadDb,
  type RelayRecord,
  type WriteTx,
  deleteRelay,
  getSetting,
  listRelays,
  putRelay,
  putSetting,
} from '#core/store'
import { readRelay } from './link-readers.ts'

export interface KnownRelay {
  key: string
  address: RelayAddress
  embedded: boolean
  enabled: boolean
}

const EMBEDDED_ENABLED = 'relay.embedded.enabled'
const CHOICE = 'relay.choice'
const FLAGS = 'relay.flags'

const presets: readonly RelayAddress[] = PRESET_RELAYS.map((text) => parseRelayAddress(text))

export function getChoice(db: ReadDb): RelayChoice {
  const choice = getSetting(db, CHOICE)
  return choice === 'own' || choice === 'preset' ? choice : 'embedded'
}

export function setChoice(tx: WriteTx, choice: RelayChoice): void {
  putSetting(tx, CHOICE, choice)
}

/**
 * Relays of the command line. They are chosen at the first start with them; a choice that a person makes afterwards
 * holds until other ones are given. Those that are given no more go, what a person added stays.
 */
export function applyFlags(tx: WriteTx, flags: readonly RelayAddress[], now: number): void {
  const given = new Map(flags.map((address) => [relayKey(address), address]))
  for (const relay of listRelays(tx)) {
    if (relay.source === 'flag' && !given.has(relay.relayKey)) deleteRelay(tx, relay.relayKey)
  }
  for (const [key, address] of given) {
    const known = listRelays(tx).find((relay) => relay.relayKey === key)
    const source = known?.source === 'user' ? 'user' : 'flag'
    const text = formatRelayAddress(address, { password: true })
    putRelay(tx, { relayKey: key, address: text, enabled: known?.enabled ?? true, source }, now)
  }
  const signature = [...given.keys()].toSorted().join('\n')
  if (signature === (getSetting(tx, FLAGS) ?? '')) return
  putSetting(tx, FLAGS, signature)
  if (given.size > 0) setChoice(tx, 'own')
  else if (getChoice(tx) === 'own' && listRelays(tx).every((relay) => !isOwn(relay)))
    setChoice(tx, 'embedded')
}

/** Everything that is listed: the embedded relay while it runs, own ones, and the preset list while it is chosen. */
export function listKnown(db: ReadDb, embedded: RelayAddress | null): KnownRelay[] {
  const stored = listRelays(db)
  return [
    ...(embedded ? [embeddedEntry(db, embedded)] : []),
    ...stored.filter(isOwn).map(ownEntry),
    ...(getChoice(db) === 'preset' ? presetEntries(stored) : []),
  ]
}

function isOwn(relay: RelayRecord): boolean {
  return relay.source !== 'preset'
}

function embeddedEntry(db: ReadDb, address: RelayAddress): KnownRelay {
  const enabled = getSetting(db, EMBEDDED_ENABLED) !== 'no'
  return { key: relayKey(address), address, embedded: true, enabled }
}

function ownEntry(relay: RelayRecord): KnownRelay {
  const address = parseRelayAddress(relay.address)
  return { key: relay.relayKey, address, embedded: false, enabled: relay.enabled }
}

function presetEntries(stored: readonly RelayRecord[]): KnownRelay[] {
  const own = new Set(stored.filter(isOwn).map((relay) => relay.relayKey))
  const off = new Set(
    stored.filter((relay) => !isOwn(relay) && !relay.enabled).map((relay) => relay.relayKey),
  )
  return presets
    .map((address) => ({ key: relayKey(address), address, embedded: false }))
    .filter(({ key }) => !own.has(key))
    .map((entry) => ({ ...entry, enabled: !off.has(entry.key) }))
}

/** Relays for new queues, by the present choice. */
export function usableRelays(db: ReadDb, embedded: RelayAddress | null): RelayAddress[] {
  const choice = getChoice(db)
  if (choice === 'embedded') {
    return embedded && getSetting(db, EMBEDDED_ENABLED) !== 'no' ? [embedded] : []
  }
  const stored = listRelays(db)
  const entries = choice === 'own' ? stored.filter(isOwn).map(ownEntry) : presetEntries(stored)
  return entries.filter(({ enabled }) => enabled).map(({ address }) => address)
}

/** One of `relays` at random; another one than `notThis` where there is a choice. agent.md 4.1 */
export function pickRelay(
  relays: readonly RelayAddress[],
  random: Random,
  notThis?: RelayAddress,
): RelayAddress | null {
  const elsewhere = relays.filter((relay) => !relay.hosts.some((host) => notThis?.hosts.includes(host)))
  const others = relays.filter((relay) => !notThis || relayKey(relay) !== relayKey(notThis))
  const from = [elsewhere, others].find((some) => some.length > 0) ?? relays
  return from[random.bytes(1)[0]! % Math.max(1, from.length)] ?? null
}

/** Whether a relay is in any list of ours; the preset list counts whatever the choice is. */
export function isKnownRelay(
  db: ReadDb,
  embedded: RelayAddress | null,
  relay: { hosts: readonly string[]; keyHash: Uint8Array | null },
): boolean {
  return knownRelays(db, embedded).some(
    (known) =>
      known.hosts.some((host) => relay.hosts.includes(host)) &&
      (relay.keyHash === null || equalBytes(known.keyHash, relay.keyHash)),
  )
}

export function knownRelays(db: ReadDb, embedded: RelayAddress | null): RelayAddress[] {
  const stored = listRelays(db).map((entry) => readRelay(entry.address))
  return [embedded, ...presets, ...stored].filter((known) => known !== null)
}

/** The address with the password that is stored for it, when the given text has none. */
export function withStoredPassword(db: ReadDb, address: RelayAddress): RelayAddress {
  if (address.password !== null) return address
  const stored = listRelays(db).find((relay) => relay.relayKey === relayKey(address))
  return stored ? parseRelayAddress(stored.address) : address
}

export type RelayChange = 'done' | 'exists' | 'missing' | 'embedded'

export function addRelay(tx: WriteTx, address: RelayAddress, clock: Clock): RelayChange {
  const key = relayKey(address)
  if (listRelays(tx).some((relay) => relay.relayKey === key && isOwn(relay))) return 'exists'
  const text = formatRelayAddress(address, { password: true })
  putRelay(tx, { relayKey: key, address: text, enabled: true, source: 'user' }, clock.now())
  return 'done'
}

/** No new queues there; those that exist go on. A preset one cannot be forgotten, only switched off. */
export function removeRelay(
  tx: WriteTx,
  address: RelayAddress,
  embedded: RelayAddress | null,
  clock: Clock,
): RelayChange {
  const key = relayKey(address)
  if (embedded && relayKey(embedded) === key) return 'embedded'
  const stored = listRelays(tx).find((relay) => relay.relayKey === key && isOwn(relay))
  if (!stored) return enableRelay(tx, address, false, embedded, clock)
  deleteRelay(tx, key)
  return 'done'
}

export function enableRelay(
  tx: WriteTx,
  address: RelayAddress,
  enabled: boolean,
  embedded: RelayAddress | null,
  clock: Clock,
): RelayChange {
  const key = relayKey(address)
  if (embedded && relayKey(embedded) === key) {
    putSetting(tx, EMBEDDED_ENABLED, enabled ? 'yes' : 'no')
    return 'done'
  }
  const stored = listRelays(tx).find((relay) => relay.relayKey === key && isOwn(relay))
  const preset = presets.find((one) => relayKey(one) === key)
  if (stored) putRelay(tx, { ...stored, enabled }, clock.now())
  else if (preset && getChoice(tx) === 'preset') {
    const text = formatRelayAddress(preset, { password: false })
    putRelay(tx, { relayKey: key, address: text, enabled, source: 'preset' }, clock.now())
  } else return 'missing'
  return 'done'
}
