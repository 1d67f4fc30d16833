/**
 * What a relay answers after `ERR `. smp.md 5.4. Words are separated by single spaces, texts inside `BROKER` carry a
 * length byte, `STORE` and the notice of `BLOCKED` run to the end.
 */
import { fromUtf8, unreachable, utf8 } from '#core/base'
import { type Codec, type Reader, type Writer, decode, encode, text8 } from '#core/encoding'
import { V } from './constants.ts'

const plainErrors = [
  'BLOCK',
  'SESSION',
  'AUTH',
  'SERVICE',
  'CRYPTO',
  'QUOTA',
  'NO_MSG',
  'LARGE_MSG',
  'EXPIRED',
  'INTERNAL',
] as const
const commandErrors = ['UNKNOWN', 'SYNTAX', 'PROHIBITED', 'NO_AUTH', 'HAS_AUTH', 'NO_ENTITY'] as const
const handshakeErrors = ['PARSE', 'IDENTITY', 'BAD_AUTH', 'BAD_SERVICE'] as const
const transportErrors = ['BLOCK', 'VERSION', 'LARGE_MSG', 'SESSION', 'NO_AUTH'] as const
const networkWords = ['UNKNOWNCA', 'FAILED', 'TIMEOUT'] as const
const networkTexts = ['CONNECT', 'TLS', 'SUBSCRIBE'] as const

export type PlainError = (typeof plainErrors)[number]
export type CommandErrorReason = (typeof commandErrors)[number]
export type SmpError =
  | { readonly type: PlainError }
  | { readonly type: 'CMD'; readonly reason: CommandErrorReason }
  | { readonly type: 'PROXY'; readonly error: ProxyError }
  | { readonly type: 'BLOCKED'; readonly reason: 'spam' | 'content'; readonly notice: BlockedNotice | null }
  | { readonly type: 'STORE'; readonly text: string }
/** `ttl` in seconds. */
export interface BlockedNotice {
  readonly ttl: number | null
}
export type ProxyError =
  | { readonly type: 'BASIC_AUTH' | 'NO_SESSION' }
  | { readonly type: 'PROTOCOL'; readonly error: SmpError }
  | { readonly type: 'BROKER'; readonly error: BrokerError }
export type BrokerError =
  | { readonly type: 'TIMEOUT' | 'HOST' | 'NO_SERVICE' }
  | { readonly type: 'RESPONSE' | 'UNEXPECTED'; readonly text: string }
  | { readonly type: 'NETWORK'; readonly detail: NetworkDetail | null }
  | { readonly type: 'TRANSPORT'; readonly error: TransportErrorWord }
export type NetworkDetail =
  | { readonly type: (typeof networkWords)[number] }
  | { readonly type: (typeof networkTexts)[number]; readonly text: string }
/** As it is written, for example `HANDSHAKE BAD_AUTH`. */
export type TransportErrorWord =
  (typeof transportErrors)[number] | `HANDSHAKE ${(typeof handshakeErrors)[number]}`

/** `CMD x`, the most frequent refusal of a relay. */
export function commandError(reason: CommandErrorReason): SmpError {
  return { type: 'CMD', reason }
}

/** The first words only, safe to log: never the text of STORE or BROKER. */
export function errorWord(error: SmpError): string {
  if (error.type === 'CMD') return `CMD ${error.reason}`
  if (error.type === 'PROXY') return `PROXY ${error.error.type}`
  return error.type
}

/** As an older version knows it. smp.md 3.5 */
export function errorForVersion(error: SmpError, version: number): SmpError {
  if (error.type !== 'BLOCKED') return error
  if (version < V.blocked) return { type: 'AUTH' }
  return version < V.blockedNotice ? { ...error, notice: null } : error
}

export const smpError: Codec<SmpError> = { write: writeError, read: readError }

/** The transport errors of section 5.4, also the answer to a service that is refused (3.4). */
export const transportError: Codec<TransportErrorWord> = {
  write: (writer, word) => writer.bytes(utf8(word)),
  read: readTransportError,
}

export function encodeError(error: SmpError, version: number): Uint8Array {
  return encode(smpError, errorForVersion(error, version))
}

export function decodeError(bytes: Uint8Array): SmpError {
  return decode(smpError, bytes)
}

/* ---- words */

const SPACE = 0x20

/** Up to the next space, which is taken too, or to the end. */
function takeWord(reader: Reader): string {
  let word = ''
  for (let byte = reader.peek(); byte !== undefined; byte = reader.peek()) {
    reader.byte()
    if (byte === SPACE) return `${word} `
    word += String.fromCharCode(byte)
  }
  return word
}

function oneOf<const T extends string>(allowed: readonly T[], word: string): T | undefined {
  return allowed.find((candidate) => candidate === word)
}

function writeWords(writer: Writer, ...all: string[]): void {
  writer.bytes(utf8(all.join(' ')))
}

/* ---- ERR */

function writeError(writer: Writer, error: SmpError): void {
  switch (error.type) {
    case 'CMD':
      return writeWords(writer, 'CMD', error.reason)
    case 'STORE':
      return writeWords(writer, 'STORE', error.text)
    case 'BLOCKED': {
      const { ttl } = error.notice ?? { ttl: null }
      const notice = error.notice ? `,notice=${JSON.stringify(ttl === null ? {} : { ttl })}` : ''
      return writeWords(writer, 'BLOCKED', `reason=${error.reason}${notice}`)
    }
    case 'PROXY':
      writeWords(writer, 'PROXY', '')
      return writeProxyError(writer, error.error)
    default:
      return writeWords(writer, error.type)
  }
}

function readError(reader: Reader): SmpError {
  const word = takeWord(reader)
  switch (word) {
    case 'CMD ':
      return commandError(readCommandError(reader))
    case 'STORE ':
      return { type: 'STORE', text: lossyText(reader.rest()) }
    case 'BLOCKED ':
      return readBlocked(reader)
    case 'PROXY ':
      return { type: 'PROXY', error: readProxyError(reader) }
    default:
      return { type: oneOf(plainErrors, word) ?? reader.fail('an error that the format does not have') }
  }
}

function readCommandError(reader: Reader): CommandErrorReason {
  const word = takeWord(reader)
  // The name of NO_ENTITY in old relays.
  if (word === 'NO_QUEUE') return 'NO_ENTITY'
  return oneOf(commandErrors, word) ?? reader.fail('a command error that the format does not have')
}

function readBlocked(reader: Reader): SmpError {
  const text = lossyText(reader.rest())
  const match = /^reason=(spam|content)(?:,notice=(.*))?$/s.exec(text)
  if (!match) return reader.fail('not a reason for blocking')
  const reason = match[1] === 'spam' ? 'spam' : 'content'
  return { type: 'BLOCKED', reason, notice: match[2] === undefined ? null : readNotice(reader, match[2]) }
}

function readNotice(reader: Reader, json: string): BlockedNotice {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return reader.fail('the notice is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return reader.fail('the notice is not an object')
  const ttl: unknown = 'ttl' in value ? value.ttl : null
  if (ttl !== null && !(typeof ttl === 'number' && Number.isSafeInteger(ttl)))
    return reader.fail('the time of the notice is not a number')
  return { ttl }
}

/** Texts written by relays for people; never refused for their encoding. */
function lossyText(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch {
    return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : '\uFFFD')).join('')
  }
}

/* ---- PROXY */

function writeProxyError(writer: Writer, error: ProxyError): void {
  switch (error.type) {
    case 'PROTOCOL':
      writeWords(writer, 'PROTOCOL', '')
      return writeError(writer, error.error)
    case 'BROKER':
      writeWords(writer, 'BROKER', '')
      return writeBrokerError(writer, error.error)
    case 'BASIC_AUTH':
    case 'NO_SESSION':
      return writeWords(writer, error.type)
    default:
      return unreachable(error)
  }
}

function readProxyError(reader: Reader): ProxyError {
  const word = takeWord(reader)
  switch (word) {
    case 'PROTOCOL ':
      return { type: 'PROTOCOL', error: readError(reader) }
    case 'BROKER ':
      return { type: 'BROKER', error: readBrokerError(reader) }
    case 'BASIC_AUTH':
    case 'NO_SESSION':
      return { type: word }
    default:
      return reader.fail('a proxy error that the format does not have')
  }
}

function writeBrokerError(writer: Writer, error: BrokerError): void {
  switch (error.type) {
    case 'RESPONSE':
    case 'UNEXPECTED':
      writeWords(writer, error.type, '')
      return text8.write(writer, error.text)
    case 'NETWORK':
      writeWords(writer, 'NETWORK', ...(error.detail ? [error.detail.type] : []))
      if (error.detail && 'text' in error.detail) {
        writer.byte(SPACE)
        text8.write(writer, error.detail.text)
      }
      return
    case 'TRANSPORT':
      return writeWords(writer, 'TRANSPORT', error.error)
    default:
      return writeWords(writer, error.type)
  }
}

function readBrokerError(reader: Reader): BrokerError {
  const word = takeWord(reader)
  switch (word) {
    case 'TIMEOUT':
    case 'HOST':
    case 'NO_SERVICE':
      return { type: word }
    case 'RESPONSE ':
      return { type: 'RESPONSE', text: text8.read(reader) }
    case 'UNEXPECTED ':
      return { type: 'UNEXPECTED', text: text8.read(reader) }
    case 'NETWORK':
      return { type: 'NETWORK', detail: null }
    case 'NETWORK ':
      return { type: 'NETWORK', detail: readNetworkDetail(reader) }
    case 'TRANSPORT ':
      return { type: 'TRANSPORT', error: readTransportError(reader) }
    default:
      return reader.fail('a broker error that the format does not have')
  }
}

function readNetworkDetail(reader: Reader): NetworkDetail {
  const word = takeWord(reader)
  const alone = oneOf(networkWords, word)
  if (alone) return { type: alone }
  const withText = word.endsWith(' ') ? oneOf(networkTexts, word.slice(0, -1)) : undefined
  if (!withText) return reader.fail('a network error that the format does not have')
  return { type: withText, text: text8.read(reader) }
}

function readTransportError(reader: Reader): TransportErrorWord {
  const word = takeWord(reader)
  if (word === 'HANDSHAKE ') {
    const reason = oneOf(handshakeErrors, takeWord(reader))
    return reason ? `HANDSHAKE ${reason}` : reader.fail('a handshake error that the format does not have')
  }
  return oneOf(transportErrors, word) ?? reader.fail('a transport error that the format does not have')
}
