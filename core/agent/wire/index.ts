/**
 * wire: the forms of agent.md 1, 2 and 5 as values, bytes and text: connection links, queue addresses, the layer
 * between the ends of a queue, envelopes and agent messages. Pure; it keeps nothing and asks nobody.
 * Short links: short-link.ts (text), link-data.ts (what lies behind them), link-data-open.ts (what is believed of it).
 * Whoever receives bytes goes client-message.ts, agent-envelope.ts, the ratchet of #core/crypto, agent-message.ts.
 */
export { LinkDataError, LinkError } from './errors.ts'
export type { LinkDataCode, LinkDataPart, LinkReason } from './errors.ts'
export {
  AGENT_VERSIONS,
  FINGERPRINT,
  MAX_LINK_DATA,
  MAX_MESSAGE_BODY,
  MESSAGE_OVERHEAD,
  PADDED_AGENT_MESSAGE,
  PADDED_CONFIRMATION,
  PADDED_CONN_INFO,
  PADDED_LINK_FIXED,
  PADDED_LINK_USER,
  PADDED_MESSAGE,
  REQUEST_ROOM,
  SMPC,
  SMPC_VERSIONS,
} from './constants.ts'
export { parseConnectionLink, readConnectionLink } from './link.ts'
export type { ConnectionLink } from './link.ts'
export { formatFullLink, formatInvitationLink, fullLinkCodec } from './full-link.ts'
export type { ContactLink, InvitationLink, LinkScheme } from './full-link.ts'
export { formatShortLink, shortLinkCodec } from './short-link.ts'
export type { ContactType, ShortLink, ShortLinkServer } from './short-link.ts'
export { LINK_RELAYS, PRESET_RELAYS } from './preset-relays.ts'
export { relayOfLink, restoreLink, restoreServer, shortenLink, shortenServer } from './link-relays.ts'
export { contactLinkKeys, invitationLinkKey, linkDataKey, linkKeyOf, senderIdOf } from './link-keys.ts'
export { fixedLinkDataCodec, linkOwnerCodec, userBytesCodec, userLinkDataCodec } from './link-data.ts'
export type { FixedLinkData, LinkData, LinkOwner, UserLinkData } from './link-data.ts'
export {
  makeLinkData,
  makeUserData,
  sealLinkPart,
  signFixedData,
  signOwner,
  signUserData,
} from './link-data-seal.ts'
export type { NewLinkData, SealedLinkData } from './link-data-seal.ts'
export { openLinkData, requestAt, resolveLinkData, unsealLinkData, verifyLinkData } from './link-data-open.ts'
export type { SignedLinkData } from './link-data-open.ts'
export { e2eUriCodec, formatE2eUri, parseE2eUri, x3dhOf } from './e2e-uri.ts'
export type { E2eUri } from './e2e-uri.ts'
export { formatQueueUri, parseQueueUri, queueUriCodec } from './queue-uri.ts'
export type { QueueUri } from './queue-uri.ts'
export { queueAddressCodec, queueInfoCodec } from './queue-fields.ts'
export type { QueueAddress, QueueInfo } from './queue-fields.ts'
export {
  clientEnvelopeCodec,
  clientMessageCodec,
  openClientMessage,
  privateHeaderCodec,
  publicHeaderCodec,
  sealClientMessage,
} from './client-message.ts'
export type { ClientEnvelope, ClientMessage } from './client-message.ts'
export { agentEnvelopeCodec } from './agent-envelope.ts'
export type { AgentEnvelope } from './agent-envelope.ts'
export { agentMessageCodec, decodeAgentMessage, encodeAgentMessage, messageHash } from './agent-message.ts'
export type { AgentMessage } from './agent-message.ts'
export { aMessageCodec } from './a-message.ts'
export type { AddedQueue, AgentReceipt, AMessage, KeyedQueue, UsedQueue } from './a-message.ts'
