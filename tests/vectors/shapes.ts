import { decodeSpki, encodeSpki, spki25519, spkiOf, type KemOffer, type X3dhPublic } from '#core/crypto'
import type { VersionRange } from '#core/encoding'
import type { QueueMode, RelayAddress } from '#core/protocol'
import type {
  AgentMessage,
  AMessage,
  QueueAddress,
  QueueInfo,
  QueueUri,
} from '../../core/agent/wire/index.ts'
import { bytes, hex } from './harness.ts'

/**
 * Fields as the vector files write them, from and to our values. Comparing our value in their words shows
 * every difference at once and names it as the files do.
 */
export type Pair = [number, number]
export const toRange = ([min, max]: Pair): VersionRange => ({ min, max })
export const fromRange = ({ min, max }: VersionRange): Pair => [min, max]

export interface ServerFields {
  hosts: string[]
  port: string
  keyHash: string
}
export const toServer = ({ hosts, port, keyHash }: ServerFields): RelayAddress => ({
  hosts,
  port,
  keyHash: bytes(keyHash),
  password: null,
})
export const fromServer = ({ hosts, port, keyHash }: RelayAddress): ServerFields => ({
  hosts: [...hosts],
  port,
  keyHash: hex(keyHash),
})

const rawOf = (der: string): Uint8Array => decodeSpki(bytes(der)).raw

export interface QueueAddressFields {
  server: ServerFields
  senderId: string
}
export const toAddress = (c: QueueAddressFields): QueueAddress => ({
  server: toServer(c.server),
  senderId: bytes(c.senderId),
})
export const fromAddress = (v: QueueAddress): QueueAddressFields => ({
  server: fromServer(v.server),
  senderId: hex(v.senderId),
})

export interface QueueInfoFields extends QueueAddressFields {
  clientVersion: number
  dhPublicKey: string
  queueMode: QueueMode | null
}
export const toInfo = (c: QueueInfoFields): QueueInfo => ({
  ...toAddress(c),
  version: c.clientVersion,
  dhKey: rawOf(c.dhPublicKey),
  mode: c.queueMode,
})
export const fromInfo = (v: QueueInfo): QueueInfoFields => ({
  ...fromAddress(v),
  clientVersion: v.version,
  dhPublicKey: hex(spki25519(v.dhKey)),
  queueMode: v.mode,
})

export interface QueueUriFields extends QueueAddressFields {
  clientVersionRange: Pair
  dhPublicKey: string
  queueMode: QueueMode | null
}
export const toUri = (c: QueueUriFields): QueueUri => ({
  ...toAddress(c),
  versions: toRange(c.clientVersionRange),
  dhKey: rawOf(c.dhPublicKey),
  mode: c.queueMode,
})
export const fromUri = (v: QueueUri): QueueUriFields => ({
  ...fromAddress(v),
  clientVersionRange: fromRange(v.versions),
  dhPublicKey: hex(spki25519(v.dhKey)),
  queueMode: v.mode,
})

export type KemFields =
  { type: 'proposed'; publicKey: string } | { type: 'accepted'; publicKey: string; ciphertext: string }
export function toKem(c: KemFields | null): KemOffer | null {
  if (!c) return null
  const key = bytes(c.publicKey)
  return c.type === 'proposed'
    ? { type: 'proposed', key }
    : { type: 'accepted', key, ciphertext: bytes(c.ciphertext) }
}
export function fromKem(v: KemOffer | null): KemFields | null {
  if (!v) return null
  const publicKey = hex(v.key)
  return v.type === 'proposed'
    ? { type: 'proposed', publicKey }
    : { type: 'accepted', publicKey, ciphertext: hex(v.ciphertext) }
}

/** Keys of the ratchet are raw X448. */
export interface ParamsFields {
  version: number
  key1: string
  key2: string
  kem: KemFields | null
}
export const toParams = (c: ParamsFields): X3dhPublic => ({
  version: c.version,
  key1: bytes(c.key1),
  key2: bytes(c.key2),
  kem: toKem(c.kem),
})
export const fromParams = (v: X3dhPublic): ParamsFields => ({
  version: v.version,
  key1: hex(v.key1),
  key2: hex(v.key2),
  kem: fromKem(v.kem),
})

export const x448Der = (raw: Uint8Array): string => hex(spkiOf('x448', raw))

/* ---- agent messages */

export interface AMessageFields {
  body?: string
  receipts?: { agentMsgId: string; msgHash: string; rcptInfo: string }[]
  address?: QueueAddressFields
  addresses?: QueueAddressFields[]
  queues?: {
    queue?: QueueUriFields
    replaces?: QueueAddressFields | null
    address?: QueueAddressFields
    primary?: boolean
  }[]
  keys?: { queue: QueueInfoFields; senderKeyDer: string }[]
  lastDecryptedMsgId?: string
}

export function toAMessage(type: string, c: AMessageFields): AMessage {
  switch (type) {
    case 'HELLO':
      return { type }
    case 'A_MSG':
      return { type, body: bytes(c.body!) }
    case 'A_RCVD':
      return {
        type,
        receipts: c.receipts!.map(({ agentMsgId, msgHash, rcptInfo }) => ({
          msgId: Number(agentMsgId),
          msgHash: bytes(msgHash),
          info: bytes(rcptInfo),
        })),
      }
    case 'A_QCONT':
      return { type, queue: toAddress(c.address!) }
    case 'QADD':
      return {
        type,
        queues: c.queues!.map(({ queue, replaces }) => ({
          queue: toUri(queue!),
          replaces: replaces ? toAddress(replaces) : null,
        })),
      }
    case 'QKEY':
      return {
        type,
        queues: c.keys!.map(({ queue, senderKeyDer }) => ({
          queue: toInfo(queue),
          senderKey: decodeSpki(bytes(senderKeyDer)),
        })),
      }
    case 'QUSE':
      return {
        type,
        queues: c.queues!.map(({ address, primary }) => ({ queue: toAddress(address!), primary: primary! })),
      }
    case 'QTEST':
      return { type, queues: c.addresses!.map(toAddress) }
    case 'EREADY':
      return { type, lastMsgId: Number(c.lastDecryptedMsgId) }
    default:
      throw new Error(`a message of the unknown type ${type}`)
  }
}

export function fromAMessage(v: AMessage): AMessageFields {
  switch (v.type) {
    case 'HELLO':
      return {}
    case 'A_MSG':
      return { body: hex(v.body) }
    case 'A_RCVD':
      return {
        receipts: v.receipts.map(({ msgId, msgHash, info }) => ({
          agentMsgId: `${msgId}`,
          msgHash: hex(msgHash),
          rcptInfo: hex(info),
        })),
      }
    case 'A_QCONT':
      return { address: fromAddress(v.queue) }
    case 'QADD':
      return {
        queues: v.queues.map(({ queue, replaces }) => ({
          queue: fromUri(queue),
          replaces: replaces && fromAddress(replaces),
        })),
      }
    case 'QKEY':
      return {
        keys: v.queues.map(({ queue, senderKey }) => ({
          queue: fromInfo(queue),
          senderKeyDer: hex(encodeSpki(senderKey)),
        })),
      }
    case 'QUSE':
      return {
        queues: v.queues.map(({ queue, primary }) => ({ address: fromAddress(queue), primary })),
      }
    case 'QTEST':
      return { addresses: v.queues.map(fromAddress) }
    case 'EREADY':
      return { lastDecryptedMsgId: `${v.lastMsgId}` }
  }
}

export interface AgentMessageFields {
  connInfo?: string
  queues?: QueueInfoFields[]
  info?: string
  sndMsgId?: string
  prevMsgHash?: string
  message?: { type: string } & AMessageFields
}

export function toAgentMessage(type: string, c: AgentMessageFields): AgentMessage {
  switch (type) {
    case 'connInfo':
      return { type, connInfo: bytes(c.connInfo!) }
    case 'connInfoReply':
      return { type, queues: c.queues!.map(toInfo), connInfo: bytes(c.connInfo!) }
    case 'ratchetInfo':
      return { type, info: bytes(c.info!) }
    case 'message':
      return {
        type,
        msgId: Number(c.sndMsgId),
        prevHash: bytes(c.prevMsgHash!),
        message: toAMessage(c.message!.type, c.message!),
      }
    default:
      throw new Error(`an agent message of the unknown type ${type}`)
  }
}

export function fromAgentMessage(v: AgentMessage): AgentMessageFields {
  switch (v.type) {
    case 'connInfo':
      return { connInfo: hex(v.connInfo) }
    case 'connInfoReply':
      return { queues: v.queues.map(fromInfo), connInfo: hex(v.connInfo) }
    case 'ratchetInfo':
      return { info: hex(v.info) }
    case 'message':
      return {
        sndMsgId: `${v.msgId}`,
        prevMsgHash: hex(v.prevHash),
        message: { type: v.message.type, ...fromAMessage(v.message) },
      }
  }
}
