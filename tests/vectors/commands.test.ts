import { expect } from 'vitest'
import { fromUtf8, utf8 } from '#core/base'
import { decodeSpki, type PublicKey } from '#core/crypto'
import {
  checkCredentials,
  decodeCommand,
  decodeResponse,
  encodeCommand,
  encodeError,
  encodeResponse,
  decodeError,
  type Command,
  type CommandType,
  type NewQueue,
  type QueueMode,
  type QueueRequest,
  type Response,
  type ResponseType,
  type SmpError,
} from '#core/protocol'
import { bytes, expectBytes, vectorFile } from './harness.ts'
import { toRange, toServer, type Pair, type ServerFields } from './shapes.ts'

const raw = (der: string): Uint8Array => decodeSpki(bytes(der)).raw
const key = (der: string): PublicKey => decodeSpki(bytes(der))
const optional = <A, B>(value: A | null | undefined, map: (value: A) => B): B | null =>
  value === null || value === undefined ? null : map(value)

/* ---- commands */

interface RequestFields {
  mode: QueueMode
  linkData: { linkId?: string; senderId: string; encFixedData: string; encUserData: string } | null
}

interface CommandFields {
  rcvAuthKey: string
  rcvDhKey: string
  basicAuth: string | null
  subscribe: boolean
  queueReqData: RequestFields | null
  ntfCreds: { authKey: string; dhKey: string } | null
  senderKey: string
  notifierKey: string
  rcvNtfDhKey: string
  msgId: string
  body: string
  notification: boolean
  relay: ServerFields
  commandKey: string
  encTransmission: string
  version: number
  encFwdTransmission: string
  rcvAuthKeys: string[]
  linkId: string
  encFixedData: string
  encUserData: string
}

function toCommand(type: CommandType, c: CommandFields): Command {
  switch (type) {
    case 'NEW':
      return { type, ...toNewQueue(c) }
    case 'ACK':
      return { type, msgId: bytes(c.msgId) }
    case 'KEY':
    case 'SKEY':
    case 'LKEY':
      return { type, sndKey: key(c.senderKey) }
    case 'RKEY':
      return { type, rcvAuthKeys: c.rcvAuthKeys.map(key) }
    case 'LSET':
      return { type, linkId: bytes(c.linkId), fixed: bytes(c.encFixedData), user: bytes(c.encUserData) }
    case 'NKEY':
      return { type, ntfKey: key(c.notifierKey), rcvNtfDhKey: raw(c.rcvNtfDhKey) }
    case 'SEND':
      return { type, notify: c.notification, body: bytes(c.body) }
    case 'PRXY':
      return { type, relay: toServer(c.relay), password: optional(c.basicAuth, utf8) }
    case 'PFWD':
      return { type, version: c.version, commandKey: raw(c.commandKey), encrypted: bytes(c.encTransmission) }
    case 'RFWD':
      return { type, encrypted: bytes(c.encFwdTransmission) }
    default:
      return { type }
  }
}

function toNewQueue(c: CommandFields): NewQueue {
  return {
    rcvAuthKey: key(c.rcvAuthKey),
    rcvDhKey: raw(c.rcvDhKey),
    password: optional(c.basicAuth, utf8),
    subscribe: c.subscribe,
    request: optional(c.queueReqData, toRequest),
    notifier: optional(c.ntfCreds, (keys) => ({
      ntfKey: key(keys.authKey),
      rcvNtfDhKey: raw(keys.dhKey),
    })),
  }
}

function toRequest({ mode, linkData }: RequestFields): QueueRequest {
  const link = optional(linkData, (data) => ({
    sndId: bytes(data.senderId),
    fixed: bytes(data.encFixedData),
    user: bytes(data.encUserData),
  }))
  if (mode === 'M') return { mode, link }
  return { mode, link: link && { ...link, linkId: bytes(linkData!.linkId!) } }
}

vectorFile('smp-commands', (file) => {
  file.list(
    'cases',
    (c: { command: CommandType; fields: CommandFields; version: number; encoded: string }) => {
      const command = toCommand(c.command, c.fields)
      expectBytes(encodeCommand(command, c.version), c.encoded)
      const decoded = decodeCommand(bytes(c.encoded), c.version)
      if (!decoded.ok) throw new Error(`refused with ${decoded.error.type}`)
      // What an old version cannot carry is lost; the bytes are the same again.
      expectBytes(encodeCommand(decoded.command, c.version), c.encoded)
      if (c.command !== 'NEW') expect(decoded.command).toEqual(command)
      else
        expect(decoded.command).toMatchObject({
          rcvAuthKey: key(c.fields.rcvAuthKey),
          subscribe: c.fields.subscribe,
        })
    },
  )
  file.list('invalid', (c: { command: string; error: string; version: number }) => {
    const decoded = decodeCommand(bytes(c.command), c.version)
    if (decoded.ok) throw new Error(`accepted as ${decoded.command.type}`)
    expect(fromUtf8(encodeError(decoded.error, c.version))).toBe(c.error)
  })
  file.list(
    'credentials',
    (c: { command: CommandType; hasAuth: boolean; hasEntityId: boolean; result: string }) => {
      const error = checkCredentials(c.command, c.hasAuth, c.hasEntityId)
      expect(error ? fromUtf8(encodeError(error, 18)) : 'OK').toBe(c.result)
    },
  )
})

/* ---- responses */

interface ResponseFields {
  rcvId: string
  sndId: string
  rcvPublicDhKey: string
  queueMode: QueueMode | null
  linkId: string | null
  serviceId: string | null
  serverNtfCreds: { notifierId: string; rcvNtfDhKey: string } | null
  notifierId: string
  rcvNtfDhKey: string
  msgId: string
  encBody: string
  senderId: string
  encFixedData: string
  encUserData: string
  nonce: string
  encNMsgMeta: string
  count: string
  sessionId: string
  versionRange: Pair
  certificates: string[]
  signedKeyDer: string
  encResponse: string
  encFwdResponse: string
  error: ErrorFields
}

/** Wire text, or the parts of an error that has some. */
type ErrorFields = string | { type: 'BLOCKED'; reason: 'spam' | 'content'; notice: { ttl?: number } | null }

function toError(c: ErrorFields): SmpError {
  if (typeof c === 'string') return decodeError(utf8(c))
  return { type: c.type, reason: c.reason, notice: c.notice && { ttl: c.notice.ttl ?? null } }
}

function toResponse(type: ResponseType, c: ResponseFields): Response | null {
  switch (type) {
    case 'IDS':
      return {
        type,
        rcvId: bytes(c.rcvId),
        sndId: bytes(c.sndId),
        srvDhKey: raw(c.rcvPublicDhKey),
        mode: c.queueMode,
        linkId: optional(c.linkId, bytes),
        serviceId: optional(c.serviceId, bytes),
        notifier: optional(c.serverNtfCreds, (ids) => ({
          ntfId: bytes(ids.notifierId),
          srvNtfDhKey: raw(ids.rcvNtfDhKey),
        })),
      }
    case 'NID':
      return { type, ntfId: bytes(c.notifierId), srvNtfDhKey: raw(c.rcvNtfDhKey) }
    case 'MSG':
      return { type, msgId: bytes(c.msgId), body: bytes(c.encBody) }
    case 'LNK':
      return { type, sndId: bytes(c.senderId), fixed: bytes(c.encFixedData), user: bytes(c.encUserData) }
    case 'NMSG':
      return { type, nonce: bytes(c.nonce), meta: bytes(c.encNMsgMeta) }
    case 'SOK':
      return { type, serviceId: optional(c.serviceId, bytes) }
    case 'SOKS':
    case 'ENDS':
      return { type, count: BigInt(c.count) }
    case 'PKEY':
      return {
        type,
        sessionId: bytes(c.sessionId),
        versions: toRange(c.versionRange),
        chain: c.certificates.map(bytes),
        signedKey: bytes(c.signedKeyDer),
      }
    case 'PRES':
      return { type, encrypted: bytes(c.encResponse) }
    case 'RRES':
      return { type, encrypted: bytes(c.encFwdResponse) }
    case 'ERR':
      return { type, error: toError(c.error) }
    case 'INFO':
      return null
    default:
      return { type }
  }
}

vectorFile('smp-responses', (file) => {
  file.list(
    'cases',
    (c: { response: ResponseType; fields: ResponseFields; version: number; encoded: string }) => {
      const decoded = decodeResponse(bytes(c.encoded), c.version)
      const response = toResponse(c.response, c.fields) ?? decoded
      expectBytes(encodeResponse(response, c.version), c.encoded)
      expectBytes(encodeResponse(decoded, c.version), c.encoded)
      // BLOCKED and the like lose something in old versions; everything else reads back whole.
      if (c.response !== 'ERR') expect(decoded).toEqual(response)
    },
  )
})
