/**
 * protocol: the words of SMP, versions 6 to 18 (19 over WebSocket), as values and as bytes. Addresses of relays, commands, responses,
 * errors, transmissions and their authorization, batches, hellos, and the box around a message for its recipient.
 * Pure functions and codecs: no sockets, no state, no queues. smp.md is the source.
 * Start at `command.ts` and `response.ts`; `transmission.ts` and `batch.ts` put them into blocks.
 */
export {
  AUTH_SIZES,
  BATCH_COUNT,
  BATCH_LIMIT,
  BLOCK_SIZE,
  DEFAULT_PORT,
  FINGERPRINT_SIZE,
  FORWARDED_CONTENT,
  ID_SIZE,
  NOTIFICATION_PLAINTEXT,
  RECIPIENT_PLAINTEXT,
  SMP_VERSIONS,
  V,
  WEB_VERSIONS,
  maxBodySize,
} from './constants.ts'
export { ProtocolError } from './errors.ts'
export type { ProtocolErrorCode } from './errors.ts'
export { hostKind, isOverlayName, parseHost, plainHosts, readHost, scanHost } from './host.ts'
export type { HostKind, ScannedHost } from './host.ts'
export { hostReach, reachOf } from './reach.ts'
export type { HostReach } from './reach.ts'
export {
  effectivePort,
  formatHostsAndPort,
  formatRelayAddress,
  legacyRelayAddressCodec,
  parseHostsAndPort,
  parseRelayAddress,
  passwordBytes,
  preferredHost,
  relayAddressCodec,
  relayKey,
} from './relay-address.ts'
export type { RelayAddress } from './relay-address.ts'
export { authKey, dhKey } from './keys.ts'
export type { AuthKey } from './keys.ts'
export { decodeCommand, encodeCommand } from './command.ts'
export type { Command, CommandType, DecodedCommand } from './command.ts'
export type {
  ContactLinkData,
  InvitationLinkData,
  NewQueue,
  NotifierIds,
  NotifierKeys,
  QueueIds,
  QueueMode,
  QueueRequest,
} from './queue-request.ts'
export { checkCredentials } from './credentials.ts'
export { decodeResponse, encodeResponse, responseForVersion } from './response.ts'
export type { Response, ResponseType } from './response.ts'
export type { QueueInfo } from './queue-info.ts'
export {
  commandError,
  decodeError,
  encodeError,
  errorForVersion,
  errorWord,
  smpError,
  transportError,
} from './smp-error.ts'
export type {
  BlockedNotice,
  BrokerError,
  CommandErrorReason,
  NetworkDetail,
  PlainError,
  ProxyError,
  SmpError,
  TransportErrorWord,
} from './smp-error.ts'
export {
  bytesForAuth,
  decodeServerTransmission,
  encodeBody,
  encodeClientTransmission,
  encodeServerTransmission,
  parseClientTransmission,
} from './transmission.ts'
export type {
  AuthKind,
  Authorization,
  ClientTransmission,
  DecodedResponse,
  ParsedTransmission,
  ServerTransmission,
  TransmissionBody,
} from './transmission.ts'
export { authorize, verifyAuthorization } from './authorization.ts'
export type { Agreement } from './authorization.ts'
export { decodeBatch, encodeBatch, packBatches } from './batch.ts'
export type { Batch } from './batch.ts'
export {
  bytesForProof,
  decodeClientHello,
  decodeServerHello,
  decodeServiceResponse,
  decodeWebServerHello,
  encodeClientHello,
  encodeServerHello,
  encodeServiceResponse,
} from './hello.ts'
export type { ClientHello, ClientService, RelayIdentityProof, ServerHello, ServiceResponse } from './hello.ts'
export {
  answerNonce,
  openForwarded,
  openForwardedAnswer,
  openForwardedBlock,
  sealForwarded,
  sealForwardedAnswer,
  sealForwardedBlock,
} from './forward.ts'
export type { Forwarded, ForwardedAnswer } from './forward.ts'
export {
  SEALED_BODY,
  decodeRecipientMessage,
  encodeRecipientMessage,
  openMessageBody,
  openNotificationMeta,
  sealMessageBody,
  sealNotificationMeta,
} from './message-body.ts'
export type { NotificationMeta, RecipientMessage } from './message-body.ts'
