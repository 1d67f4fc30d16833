import { expect } from 'vitest'
import {
  decode,
  encode,
  i64,
  includesVersion,
  pad,
  padLong,
  unpad,
  unpadLong,
  versionRange,
} from '#core/encoding'
import { BATCH_LIMIT, packBatches, parseHost } from '#core/protocol'
import { bytes, expectBytes, expectRefused, vectorFile } from './harness.ts'
import { toRange, type Pair } from './shapes.ts'
import { checkCapping, checkNegotiation, type Capping, type Negotiation } from './version-cases.ts'

interface PaddingCase {
  message: string
  paddedLen: number
  padded: string
}
interface TooLarge {
  messageLen: number
  paddedLen: number
}

interface BatchCase {
  commands: string
  batches?: (number | string)[]
  batchCount?: number
}

/** Bytes of a transmission around its command: auth, service slot, ids; of version 6 also the session id. smp.md 4.2 */
const ID = 25
const AROUND = {
  signed: 1 + 64 + 1 + 2 * ID,
  signedVersion6: 1 + 64 + (1 + 32) + 2 * ID,
  /** No authorization and no correlation id. */
  event: 1 + 1 + ID,
}

/**
 * The words in which the file describes a batch: `300 SUB`, `60 SUB, SEND of 17000 bytes, 150 SUB`. Null where they leave open
 * how long an item is: a SEND that fits has a key of unknown kind, a "full-size MSG" is not the one of smp.md 6.
 */
function transmissions(words: string, version: 'current' | 'version6'): Uint8Array[] | null {
  const signed = version === 'current' ? AROUND.signed : AROUND.signedVersion6
  const sizes = { SUB: signed + 3, END: AROUND.event + 3, NMSG: AROUND.event + 5 + 24 + 1 + 144 }
  const items: Uint8Array[] = []
  for (const part of words.split(', ')) {
    const send = /^SEND of (\d+) bytes$/.exec(part)
    const many = /^(\d+) (SUB|END|NMSG)$/.exec(part)
    if (send && Number(send[1]) > BATCH_LIMIT) items.push(new Uint8Array(Number(send[1])))
    else if (many) {
      const size = sizes[many[2] as keyof typeof sizes]
      items.push(...Array.from({ length: Number(many[1]) }, () => new Uint8Array(size)))
    } else return null
  }
  return items
}

function checkBatch(version: 'current' | 'version6') {
  return (c: BatchCase): string | undefined => {
    const items = transmissions(c.commands, version)
    if (!items) return `the lengths in "${c.commands}" are not given`
    const batches = packBatches(items)
    if (c.batchCount !== undefined) expect(batches).toHaveLength(c.batchCount)
    const sizes = batches.map((batch) => ('count' in batch ? batch.count : batch.error))
    if (c.batches) expect(sizes).toEqual(c.batches)
    return undefined
  }
}

const filled = (length: number): Uint8Array => new Uint8Array(length).fill(0x61)

vectorFile('haskell-core', (file) => {
  file.list('int64', (c: { value: string; hex: string }) => {
    expectBytes(encode(i64, BigInt(c.value)), c.hex)
    expect(decode(i64, bytes(c.hex))).toBe(BigInt(c.value))
  })
  file.list('systemTime', (c: { iso: string; seconds: string }) => {
    expect(new Date(Number(decode(i64, encode(i64, BigInt(c.seconds)))) * 1000).toISOString()).toBe(c.iso)
  })
  file.list('hosts', (c: { string: string; kind: string }) =>
    expect(parseHost(c.string)?.kind).toBe(c.kind === 'domain' ? 'name' : c.kind),
  )
  file.list('invalidHosts', (c: string) => expect(parseHost(c), c).toBeNull())
  file.list('padding.ok', (c: PaddingCase) => {
    expectBytes(pad(bytes(c.message), c.paddedLen), c.padded)
    expectBytes(unpad(bytes(c.padded)), c.message)
  })
  file.list('padding.tooLarge', (c: TooLarge) =>
    expectRefused(() => pad(filled(c.messageLen), c.paddedLen), JSON.stringify(c)),
  )
  file.list('padding.largestOk', (c: TooLarge) =>
    expect(unpad(pad(filled(c.messageLen), c.paddedLen))).toHaveLength(c.messageLen),
  )
  file.list('padding.unpadOk', (c: PaddingCase) => expectBytes(unpad(bytes(c.padded)), c.message))
  file.list('padding.unpadInvalid', (c: string) => expectRefused(() => unpad(bytes(c)), c))
  file.list('paddingLazy.ok', (c: PaddingCase) => {
    expectBytes(padLong(bytes(c.message), c.paddedLen), c.padded)
    expectBytes(unpadLong(bytes(c.padded)), c.message)
  })
  file.list('paddingLazy.tooLarge', (c: TooLarge) =>
    expectRefused(() => padLong(filled(c.messageLen), c.paddedLen), JSON.stringify(c)),
  )
  file.list('paddingLazy.unpadInvalid', (c: string) => expectRefused(() => unpadLong(bytes(c)), c))
  file.list('paddingLazy.unpadShorterAllowed', (c: PaddingCase) =>
    expectBytes(unpadLong(bytes(c.padded)), c.message),
  )
  file.list('versions.negotiate', (c: Negotiation) => checkNegotiation(c))
  file.list('versions.capped', (c: Capping) => checkCapping(c))
  file.list('versions.isCompatible', (c: { version: number; range: Pair; result: boolean }) =>
    expect(includesVersion(toRange(c.range), c.version)).toBe(c.result),
  )
  file.list('versions.invalidRange', (c: Pair) => {
    const upsideDown = Uint8Array.of(0, c[0], 0, c[1])
    expectRefused(() => decode(versionRange, upsideDown), JSON.stringify(c))
  })
  file.list('batching.current', checkBatch('current'))
  file.list('batching.version6', checkBatch('version6'))
  file.notCovered('hostChoice', 'choosing hosts for SOCKS and Tor')
  file.notCovered('socksProxy', 'SOCKS')
  file.notCovered('pqSequences', 'post-quantum KEM')
  file.notCovered('ratchetV2Json', 'the stored form of another program, over X25519')
  file.notCovered('retryInterval', 'two intervals reported together; ours is one schedule for each queue')
})
