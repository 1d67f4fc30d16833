import { expect } from 'vitest'
import { equalBytes, type Random } from '#core/base'
import {
  decryptMessage,
  encryptBody,
  encryptHeader,
  initInitiatorRatchet,
  initJoinerRatchet,
  securityCode,
  sha256,
  x3dhInitiate,
  x3dhJoin,
  x3dhParams,
  type Decrypted,
  type RatchetState,
  type SkippedKey,
  type X3dhPrivate,
  type X3dhSecret,
} from '#core/crypto'
import { decode, encode } from '#core/encoding'
import { e2eUriCodec, formatE2eUri, parseE2eUri } from '../../core/agent/wire/index.ts'
import { base64, bytes, expectBytes, hex, vectorFile } from './harness.ts'
import {
  expectState,
  fromState,
  keyPair,
  skippedLines,
  toSkipped,
  toState,
  usesKem,
  type SkippedFields,
  type StateFields,
} from './ratchet-shapes.ts'
import { fromParams, toParams, toRange, type KemFields, type Pair, type ParamsFields } from './shapes.ts'

const KEM = 'post-quantum KEM'

/* ---- x3dh */

interface Side {
  params: ParamsFields
  paramsEncoded: string
  privateKey1: string
  privateKey2: string
}
interface Init {
  assocData: string
  kemAccepted: unknown
  ratchetKey: string
  rcvNextHK: string
  sndHK: string
}
interface X3dhCase {
  initiator: Side & { kemKeyPair: unknown }
  joiner: Side & { kem: unknown; ratchetPrivateKey: string }
  initiatorInit: Init
  joinerInit: Init
  initiatorRatchet: StateFields
  joinerRatchet: StateFields
  securityCode: string
  securityCodeHash: string
}

const own = (side: Side): X3dhPrivate => ({
  key1: keyPair(side.privateKey1),
  key2: keyPair(side.privateKey2),
})

function expectSecret(secret: X3dhSecret, init: Init): void {
  expect({ ad: hex(secret.ad), hk: hex(secret.hk), nhk: hex(secret.nhk), sk: hex(secret.sk) }).toEqual({
    ad: init.assocData,
    hk: init.sndHK,
    nhk: init.rcvNextHK,
    sk: init.ratchetKey,
  })
}

/** Everything but the post-quantum part: a side that offers or supports it agrees on the same keys until both do. */
function checkX3dh(c: X3dhCase): string | void {
  for (const { params, paramsEncoded } of [c.initiator, c.joiner]) {
    expectBytes(encode(x3dhParams, toParams(params)), paramsEncoded)
    expect(fromParams(decode(x3dhParams, bytes(paramsEncoded)))).toEqual(params)
  }
  if (c.joinerInit.kemAccepted !== null) return KEM
  const [initiator, joiner] = [own(c.initiator), own(c.joiner)]
  const [toInitiator, toJoiner] = [toParams(c.joiner.params), toParams(c.initiator.params)]
  expectSecret(x3dhJoin(joiner, toJoiner), c.joinerInit)
  expectSecret(x3dhInitiate(initiator, toInitiator), c.initiatorInit)
  const versions = { current: c.joinerRatchet.version.current, max: c.joinerRatchet.version.maxSupported }
  const firstKey = keyPair(c.joiner.ratchetPrivateKey)
  expectState(initJoinerRatchet({ versions, own: joiner, peer: toJoiner, firstKey }), c.joinerRatchet)
  const initiated = initInitiatorRatchet({
    versions: { current: c.initiatorRatchet.version.current, max: c.initiatorRatchet.version.maxSupported },
    own: initiator,
    peer: toInitiator,
  })
  expectState(initiated, c.initiatorRatchet)
  expectBytes(sha256(initiated.ad), c.securityCodeHash)
  expect(securityCode(initiated.ad)).toBe(c.securityCode)
}

vectorFile('x3dh', (file) => {
  file.list('cases', checkX3dh)
  file.list(
    'uriParams',
    (c: {
      binary: string
      string: string
      versionRange: Pair
      key1: string
      key2: string
      kem: KemFields | null
    }) => {
      const value = {
        versions: toRange(c.versionRange),
        key1: bytes(c.key1),
        key2: bytes(c.key2),
        kemKey: c.kem && bytes(c.kem.publicKey),
      }
      expect(formatE2eUri(value)).toBe(c.string)
      expect(parseE2eUri(c.string)).toEqual(value)
      expectBytes(encode(e2eUriCodec, value), c.binary)
      expect(decode(e2eUriCodec, bytes(c.binary))).toEqual(value)
    },
  )
})

/* ---- transcripts */

interface Step {
  op: string
  by: 'alice' | 'bob'
  message?: number
  ciphertext?: string
  ciphertextB64?: string
  plaintext?: string
  paddedLen?: number
  pqPreference?: boolean | null
  count?: number
  state?: StateFields
  stateUnchanged?: boolean
  skippedKeys?: SkippedFields[]
  ratchetStep?: boolean
  error?: string
}
interface Transcript {
  name: string
  alice: StateFields
  bob: StateFields
  setup?: X3dhCase
  steps: Step[]
}

interface Party {
  state: RatchetState
  skipped: SkippedKey[]
}

/** The errors of the reference in our words. */
const ERRORS: Readonly<Record<string, string>> = {
  DUPLICATE: 'ratchet.duplicate',
  EARLIER: 'ratchet.earlier',
  TOO_MANY_SKIPPED: 'ratchet.skipped',
  HEADER: 'ratchet.header',
  AES_DECRYPT: 'ratchet.body',
  PARSE: 'ratchet.malformed',
}

function checkTranscript(c: Transcript): string | void {
  const states = [c.alice, c.bob, ...c.steps.flatMap((step) => step.state ?? [])]
  if (states.some(usesKem) || c.steps.some((step) => step.pqPreference === true)) return KEM
  if (c.setup) checkX3dh(c.setup)
  const parties: Record<'alice' | 'bob', Party> = {
    alice: { state: toState(c.alice), skipped: [] },
    bob: { state: toState(c.bob), skipped: [] },
  }
  const sent = new Map<number, Uint8Array>()
  for (const [index, step] of c.steps.entries()) {
    try {
      runStep(step, parties[step.by], sent)
    } catch (error) {
      throw new Error(`${c.name}, step ${index} (${step.op})`, { cause: error })
    }
  }
}

function runStep(step: Step, party: Party, sent: Map<number, Uint8Array>): void {
  switch (step.op) {
    case 'encrypt':
      return encryptStep(step, party, sent)
    case 'encryptAndDiscard':
      for (let i = 0; i < step.count!; i++)
        party.state = encryptHeader(party.state, { paddedLength: 100 }).next
      if (step.state) expectState(party.state, step.state)
      return
    case 'decrypt':
      return decryptStep(step, party, sent)
    default:
      throw new Error(`an unknown step ${step.op}`)
  }
}

function encryptStep(step: Step, party: Party, sent: Map<number, Uint8Array>): void {
  const { next, prepared } = encryptHeader(party.state, { paddedLength: step.paddedLen! })
  const message = encryptBody(prepared, bytes(step.plaintext!))
  const expected = step.ciphertextB64 === undefined ? bytes(step.ciphertext!) : base64(step.ciphertextB64)
  expect(hex(message)).toBe(hex(expected))
  expectState(next, step.state!)
  sent.set(step.message!, message)
  party.state = next
}

function decryptStep(step: Step, party: Party, sent: Map<number, Uint8Array>): void {
  const given = step.ciphertextB64 === undefined ? step.ciphertext : hex(base64(step.ciphertextB64))
  const message = given === undefined ? sent.get(step.message!)! : bytes(given)
  const before = party.state
  const result = decryptMessage(before, party.skipped, message, sameKeyAs(step.state))
  if (step.error === undefined) {
    if (!result.ok) throw result.error
    expectBytes(result.plaintext, step.plaintext!)
    apply(party, result)
    expectState(party.state, step.state!)
    expect(skippedLines(party.skipped)).toEqual(skippedLines(toSkipped(step.skippedKeys!)))
    return
  }
  if (result.ok) throw new Error(`decrypted instead of ${step.error}`)
  const [word, count] = step.error.split(' ')
  expect(result.error.code).toBe(ERRORS[word!])
  if (count !== undefined) expect(result.error.facts['count']).toBe(Number(count))
  apply(party, result)
  expectAfterError(step, before, party, result.error.code)
}

/** After a body that does not open the old state is as good as the one that the reference moved on to. README, ratchet */
function expectAfterError(step: Step, before: RatchetState, party: Party, code: string): void {
  if (step.stateUnchanged || code === 'ratchet.body')
    expect(fromState(party.state)).toEqual(fromState(before))
  else if (step.state) {
    expectState(party.state, step.state)
    if (step.skippedKeys)
      expect(skippedLines(party.skipped)).toEqual(skippedLines(toSkipped(step.skippedKeys)))
  }
}

function apply(party: Party, result: Decrypted): void {
  if (result.next) party.state = result.next
  party.skipped = [
    ...party.skipped.filter(
      (key) =>
        !result.dropSkipped.some(
          (drop) => drop.number === key.number && equalBytes(drop.headerKey, key.headerKey),
        ),
    ),
    ...result.addSkipped,
  ]
}

/** A step that makes a new key pair makes the one that the file shows. */
function sameKeyAs(state: StateFields | undefined): Random {
  return {
    bytes(length) {
      if (!state) return new Uint8Array(length).fill(1)
      return bytes(state.dhPrivateKey)
    },
  }
}

vectorFile('ratchet', (file) => {
  file.list('transcripts', checkTranscript)
})
