import { beforeEach, describe, expect, it } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import { parseRelayAddress, type RelayAddress } from '#core/protocol'
import { migrations, openStore, type Store } from '#core/store'
import {
  addRelay,
  applyFlags,
  enableRelay,
  getChoice,
  isKnownRelay,
  listKnown,
  pickRelay,
  removeRelay,
  setChoice,
  usableRelays,
  withStoredPassword,
} from '../../../core/app/relay-directory.ts'
import { PRESET_RELAYS } from '#core/agent'
import { operatorOf } from '../../../core/app/operators.ts'

const relay = (host: string, letter = 'A', password = ''): RelayAddress =>
  parseRelayAddress(`smp://${letter.repeat(42)}A=${password && `:${password}`}@${host}`)
const random = (...bytes: number[]) => ({ bytes: () => new Uint8Array([bytes.shift() ?? 0]) })
const hosts = (relays: readonly RelayAddress[]): string[] => relays.map(({ hosts: [host] }) => host!)

let store: Store
const embedded = relay('127.0.0.1:5000', 'E')
const flags = (...given: RelayAddress[]): void => store.write((tx) => applyFlags(tx, given, 1))
const usable = (): string[] => hosts(store.read((db) => usableRelays(db, embedded)))
const choice = (): string => store.read(getChoice)

beforeEach(() => {
  store = openStore(':memory:', { log: silentLog, clock: systemClock, migrations })
})

describe('which relays new queues go to', () => {
  it('is the embedded one on a fresh folder', () => {
    flags()
    expect(choice()).toBe('embedded')
    expect(usable()).toEqual(['127.0.0.1'])
    expect(store.read((db) => usableRelays(db, null))).toEqual([])
  })

  it('is those of the command line where there are any, until a person chooses, or others are given', () => {
    flags(relay('a.example'), relay('b.example', 'B'))
    expect(choice()).toBe('own')
    expect(usable().toSorted()).toEqual(['a.example', 'b.example'])
    store.write((tx) => setChoice(tx, 'preset'))
    flags(relay('a.example'), relay('b.example', 'B'))
    expect(choice()).toBe('preset')
    flags(relay('c.example', 'C'))
    expect(choice()).toBe('own')
    expect(usable()).toEqual(['c.example'])
    flags()
    expect(choice()).toBe('embedded')
  })

  it('keeps what a person added when the command line changes', () => {
    store.write((tx) => addRelay(tx, relay('mine.example', 'M'), systemClock))
    flags(relay('a.example'))
    flags()
    store.write((tx) => setChoice(tx, 'own'))
    expect(usable()).toEqual(['mine.example'])
  })

  it('leaves out what is switched off, embedded, own or preset', () => {
    store.write((tx) => {
      addRelay(tx, relay('mine.example', 'M'), systemClock)
      setChoice(tx, 'own')
      expect(enableRelay(tx, relay('mine.example', 'M'), false, embedded, systemClock)).toBe('done')
      expect(enableRelay(tx, relay('other.example', 'O'), false, embedded, systemClock)).toBe('missing')
    })
    expect(usable()).toEqual([])
    const preset = parseRelayAddress(PRESET_RELAYS[0]!)
    store.write((tx) => {
      setChoice(tx, 'preset')
      enableRelay(tx, preset, false, embedded, systemClock)
    })
    expect(usable()).toHaveLength(PRESET_RELAYS.length - 1)
    store.write((tx) => {
      setChoice(tx, 'embedded')
      enableRelay(tx, embedded, false, embedded, systemClock)
    })
    expect(usable()).toEqual([])
  })

  it('lists the preset ones only while they are chosen, and cannot remove the embedded one', () => {
    expect(store.read((db) => listKnown(db, embedded))).toHaveLength(1)
    store.write((tx) => setChoice(tx, 'preset'))
    expect(store.read((db) => listKnown(db, embedded))).toHaveLength(1 + PRESET_RELAYS.length)
    expect(store.write((tx) => removeRelay(tx, embedded, embedded, systemClock))).toBe('embedded')
  })
})

describe('choosing one', () => {
  it('takes any at random, and another host than the peer where there is one', () => {
    const [a, b, c] = [relay('a.example'), relay('b.example', 'B'), relay('c.example', 'C')]
    expect(pickRelay([a, b, c], random(1))).toBe(b)
    expect(pickRelay([a, b, c], random(5))).toBe(c)
    for (let byte = 0; byte < 8; byte++) expect(pickRelay([a, b], random(byte), a)).toBe(b)
    expect(pickRelay([a], random(0), a)).toBe(a)
    expect(pickRelay([], random(0), a)).toBeNull()
  })

  it('takes another port of the same host rather than the same relay', () => {
    const [a, b] = [relay('127.0.0.1:1'), relay('127.0.0.1:2')]
    for (let byte = 0; byte < 8; byte++) expect(pickRelay([a, b], random(byte), a)).toBe(b)
  })
})

describe('knowing relays', () => {
  it('goes by host and fingerprint, over all lists', () => {
    const known = (address: RelayAddress) => store.read((db) => isKnownRelay(db, embedded, address))
    expect(known(embedded)).toBe(true)
    expect(known(parseRelayAddress(PRESET_RELAYS[3]!))).toBe(true)
    expect(known({ ...parseRelayAddress(PRESET_RELAYS[3]!), keyHash: new Uint8Array(32) })).toBe(false)
    expect(known(relay('stranger.example'))).toBe(false)
  })

  it('finds the password that was stored with an address', () => {
    store.write((tx) => addRelay(tx, relay('mine.example', 'M', 'secret'), systemClock))
    expect(store.read((db) => withStoredPassword(db, relay('mine.example', 'M'))).password).toBe('secret')
  })

  it('names the operators by domain', () => {
    expect(operatorOf(['smp4.simplex.im'])).toBe('SimpleX Chat')
    expect(operatorOf(['smp1.simplexonflux.com'])).toBe('Flux')
    expect(operatorOf(['notsimplex.im', 'example.org'])).toBeNull()
  })
})
