/**
 * agent: connections. Each is a pair of queues at relays, a ratchet between them, and a persistent ordered send queue;
 * agent.md is its specification. It knows nothing of profiles, contacts or texts: bodies and connInfo are opaque bytes.
 * Everything that happens is told to an `AgentHandler` inside the transaction in which it happens.
 * Start reading at `types.ts`, then `beginnings.ts` (how connections begin), `steps.ts` (what goes out) and `receive.ts`
 * (what comes in); the wire forms are in `wire/`.
 */
export { createAgent } from './agent.ts'
export type {
  Agent,
  AgentDeps,
  AgentHandler,
  ConnId,
  ConnectionInfo,
  ConnectionPhase,
  FoundLink,
  Integrity,
  MadeLink,
  ParsedContact,
  ParsedInvitation,
  RequestEnvelope,
  RequestInfo,
  ResolvedLink,
} from './types.ts'
export { AgentError } from './errors.ts'
export {
  LinkError,
  MAX_LINK_DATA,
  MAX_MESSAGE_BODY,
  PRESET_RELAYS,
  formatFullLink,
  formatInvitationLink,
  parseConnectionLink,
  readConnectionLink,
  relayOfLink,
} from './wire/index.ts'
export { shortLinkKey } from './resolving.ts'
export { formatShortLink } from './wire/index.ts'
export type { ConnectionLink, ContactLink, InvitationLink, LinkReason, ShortLink } from './wire/index.ts'
