/**
 * Which relays there are and which of them new queues go to. Four kinds: the embedded one, own ones, those given on the
 * command line, and the preset list; `choice` says which kind is used. Existing queues stay where they are.
 */
import { PRESET_RELAYS } from '#core/agent'
import { type Clock, equalBytes, type Random } from '#core/base'
import type { RelayChoice } from '#core/contract'
import {
  effectivePort,
  formatRelayAddress,
  parseRelayAddress,
  type RelayAddress,
  relayKey,
} from '#core/protocol'
import {
  type ReadDb,
  type RelayRecord,
  type WriteTx,
  deleteRelay,
  deleteSetting,
  getRelayPage,
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
/** What was chosen before the command line chose; '' for nothing. */
const BEFORE_FLAGS = 'relay.choice.before-flags'

const presets: readonly RelayAddress[] = PRESET_RELAYS.map((text) => parseRelayAddress(text))

export function getChoice(db: ReadDb): RelayChoice {
  const choice = getSetting(db, CHOICE)
  return choice === 'own' || choice === 'preset' ? choice : 'embedded'
}

/** Whether somebody has chosen: a person, a script, or the command line. */
export function hasChosen(db: ReadDb): boolean {
  return (getSetting(db, CHOICE) ?? '') !== ''
}

/**
 * By a person or a script: it holds whatever the command line says no more. Whoever chooses own relays while those of the
 * command line are listed has taken them over.
 */
export function setChoice(tx: WriteTx, choice: RelayChoice): void {
  putSetting(tx, CHOICE, choice)
  deleteSetting(tx, BEFORE_FLAGS)
  if (choice !== 'own') return
  for (const relay of listRelays(tx)) {
    if (relay.source === 'flag') putRelay(tx, { ...relay, source: 'user' }, 0)
  }
}

/**
 * Relays of the command line. They are chosen at the first start with them; a choice that a person makes afterwards
 * holds until other ones are given. Those that are given no more go, with the choice that came of them alone; what a
 * person added, or has taken over from there, stays.
 */
export function applyFlags(tx: WriteTx, flags: readonly RelayAddress[], now: number): void {
  const given = new Map(flags.map((address) => [relayKey(address), address]))
  for (const relay of listRelays(tx)) {
    if (relay.source === 'flag' && !given.has(relay.relayKey)) deleteRelay(tx, relay.relayKey)
  }
  for (const [key, address] of given) {
    const known = listRelays(tx).find((relay) => relay.relayKey === key)
    const source = known?.source === 'user' ? 'user' : 'flag'
    const text = formatRelayAddress(withPassword(address, known), { password: true })
    putRelay(tx, { relayKey: key, address: text, enabled: known?.enabled ?? true, source }, now)
  }
  const signature = [...given.keys()].toSorted().join('\n')
  if (signature === (getSetting(tx, FLAGS) ?? '')) return
  putSetting(tx, FLAGS, signature)
  if (given.size > 0) chooseFlags(tx)
  else chooseAsBefore(tx)
}

function chooseFlags(tx: WriteTx): void {
  if (getSetting(tx, BEFORE_FLAGS) === null) putSetting(tx, BEFORE_FLAGS, getSetting(tx, CHOICE) ?? '')
  putSetting(tx, CHOICE, 'own')
}

function chooseAsBefore(tx: WriteTx): void {
  const before = getSetting(tx, BEFORE_FLAGS)
  // A person has chosen since: that holds.
  if (before === null) return
  putSetting(tx, CHOICE, before)
  deleteSetting(tx, BEFORE_FLAGS)
  if (getChoice(tx) === 'own' && !listRelays(tx).some(isOwn)) putSetting(tx, CHOICE, '')
}

/** A password that is known is not lost by an address that comes without one. */
function withPassword(address: RelayAddress, known: RelayRecord | undefined): RelayAddress {
  if (address.password !== null || !known) return address
  return { ...address, password: parseRelayAddress(known.address).password }
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

/**
 * Whether a relay is in a list of ours, or one that contacts, links or addresses live on: this computer has connected to it
 * before. The preset list counts whatever the choice is. `inUse` is asked last: it may be long.
 */
export function isKnownRelay(
  db: ReadDb,
  embedded: RelayAddress | null,
  relay: { hosts: readonly string[]; keyHash: Uint8Array | null },
  inUse: (db: ReadDb) => readonly RelayAddress[],
): boolean {
  const hosts = relay.hosts.map((host) => host.toLowerCase())
  const isIt = (known: RelayAddress): boolean =>
    known.hosts.some((host) => hosts.includes(host.toLowerCase())) &&
    (relay.keyHash === null || equalBytes(known.keyHash, relay.keyHash))
  return knownRelays(db, embedded).some(isIt) || inUse(db).some(isIt)
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

/** Whether links made at a relay are web addresses; null: nobody has looked yet. */
export function pageOf(db: ReadDb, address: RelayAddress): boolean | null {
  const key = relayKey(address)
  return presets.some((one) => relayKey(one) === key) || getRelayPage(db, key)
}

/** Own relays of which nobody knows yet whether they show a page. */
export function unseenRelays(db: ReadDb): RelayAddress[] {
  return listRelays(db)
    .filter((relay) => relay.source === 'user' && getRelayPage(db, relay.relayKey) === null)
    .map((relay) => parseRelayAddress(relay.address))
}

/** As it is listed, with the password that is known. */
export function listedRelay(db: ReadDb, address: RelayAddress): RelayAddress {
  const relay = listRelays(db).find(
    (one) => one.relayKey === relayKey(address) || isSameServer(parseRelayAddress(one.address), address),
  )
  return relay ? parseRelayAddress(relay.address) : address
}

export type RelayChange = 'done' | 'exists' | 'missing' | 'embedded'

/**
 * What is listed already is taken over from the command line, gets the password that it lacked, or is switched on again;
 * `exists` where nothing of that is new. Other names of the same server are the same relay.
 */
export function addRelay(tx: WriteTx, address: RelayAddress, clock: Clock): RelayChange {
  const listed = listRelays(tx).filter(isOwn)
  const key = relayKey(address)
  const known =
    listed.find((relay) => relay.relayKey === key) ??
    listed.find((relay) => isSameServer(parseRelayAddress(relay.address), address))
  const text = formatRelayAddress(
    known
      ? { ...parseRelayAddress(known.address), password: withPassword(address, known).password }
      : address,
    { password: true },
  )
  if (known?.source === 'user' && known.enabled && known.address === text) return 'exists'
  putRelay(
    tx,
    { relayKey: known?.relayKey ?? key, address: text, enabled: true, source: 'user' },
    clock.now(),
  )
  return 'done'
}

function isSameServer(one: RelayAddress, other: RelayAddress): boolean {
  const hosts = other.hosts.map((host) => host.toLowerCase())
  return (
    equalBytes(one.keyHash, other.keyHash) &&
    effectivePort(one) === effectivePort(other) &&
    one.hosts.some((host) => hosts.includes(host.toLowerCase()))
  )
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
