import { beforeEach, describe, expect, it } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import { parseRelayAddress, type RelayAddress } from '#core/protocol'
import { listRelays, migrations, openStore, type Store } from '#core/store'
import {
  addRelay,
  applyFlags,
  enableRelay,
  getChoice,
  hasChosen,
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
    // that choice came of the command line alone; what the person had chosen before holds again
    flags()
    expect(choice()).toBe('preset')
  })

  it('is what it was at first when the relays of the command line are gone and nobody had chosen', () => {
    flags(relay('a.example'))
    flags(relay('b.example', 'B'))
    flags()
    expect(choice()).toBe('embedded')
    expect(store.read(hasChosen)).toBe(false)
  })

  it('is a relay of the command line that was accepted, also at a start without it', () => {
    flags(relay('a.example', 'A', 'secret'))
    // onboarding hands back what it was shown, which has no password
    expect(store.write((tx) => addRelay(tx, relay('a.example'), systemClock))).toBe('done')
    store.write((tx) => setChoice(tx, 'own'))
    flags()
    expect(choice()).toBe('own')
    expect(usable()).toEqual(['a.example'])
    expect(store.read((db) => withStoredPassword(db, relay('a.example'))).password).toBe('secret')
  })

  it('is a relay of the command line also when own relays were chosen while it was listed', () => {
    flags(relay('a.example'))
    store.write((tx) => setChoice(tx, 'own'))
    flags()
    expect(usable()).toEqual(['a.example'])
  })

  it('forgets no password and no switch by the next start with the same address', () => {
    flags(relay('a.example', 'A', 'secret'))
    store.write((tx) => enableRelay(tx, relay('a.example'), false, embedded, systemClock))
    flags(relay('a.example'))
    expect(usable()).toEqual([])
    expect(store.read((db) => withStoredPassword(db, relay('a.example'))).password).toBe('secret')
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

describe('adding a relay that is listed', () => {
  const add = (address: RelayAddress): string => store.write((tx) => addRelay(tx, address, systemClock))
  const listed = () => store.read(listRelays)
  const mine = relay('mine.example', 'M')

  it('takes the password that is given now, and says of the same once more that it is there', () => {
    expect(add(mine)).toBe('done')
    expect(add(mine)).toBe('exists')
    expect(add(relay('mine.example', 'M', 'first'))).toBe('done')
    expect(add(relay('mine.example', 'M', 'second'))).toBe('done')
    expect(add(relay('mine.example', 'M', 'second'))).toBe('exists')
    expect(store.read((db) => withStoredPassword(db, mine)).password).toBe('second')
    expect(add(mine)).toBe('exists')
    expect(store.read((db) => withStoredPassword(db, mine)).password).toBe('second')
  })

  it('switches on one that was off', () => {
    add(mine)
    store.write((tx) => enableRelay(tx, mine, false, embedded, systemClock))
    expect(add(mine)).toBe('done')
    expect(listed()).toMatchObject([{ enabled: true }])
  })

  it('knows it by another case, the usual port, and by one of its names', () => {
    add(relay('mine.example,second.example', 'M'))
    for (const same of ['MINE.Example,second.example', 'mine.example,second.example:5223', 'second.example'])
      expect(add(relay(same, 'M'))).toBe('exists')
    expect(listed()).toHaveLength(1)
    expect(add(relay('mine.example:443', 'M'))).toBe('done')
    expect(add(relay('mine.example', 'N'))).toBe('done')
    expect(listed()).toHaveLength(3)
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
    const known = (address: RelayAddress) => store.read((db) => isKnownRelay(db, embedded, address, () => []))
    expect(known(embedded)).toBe(true)
    expect(known(parseRelayAddress(PRESET_RELAYS[3]!))).toBe(true)
    expect(known({ ...parseRelayAddress(PRESET_RELAYS[3]!), keyHash: new Uint8Array(32) })).toBe(false)
    expect(known(relay('stranger.example'))).toBe(false)
  })

  it('counts those that contacts live on, in no list of ours', () => {
    const used = relay('used.example', 'U')
    const known = (address: Pick<RelayAddress, 'hosts'> & { keyHash: Uint8Array | null }) =>
      store.read((db) => isKnownRelay(db, embedded, address, () => [used]))
    expect(known(used)).toBe(true)
    expect(known({ hosts: ['USED.example'], keyHash: used.keyHash })).toBe(true)
    expect(known({ hosts: ['used.example'], keyHash: null })).toBe(true)
    expect(known(relay('used.example', 'V'))).toBe(false)
    expect(known(relay('other.example', 'U'))).toBe(false)
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
