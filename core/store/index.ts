/**
 * store: the one SQLite file of an installation. Opening, migrations, transactions, and one repository file per aggregate,
 * which owns its SQL and its row types. It knows nothing of networks, keys' meanings or protocol rules: agent and chat
 * decide what belongs into one transaction. Start reading at `store.ts`; the schema is in `migrations/`.
 */
export { openStore } from './store.ts'
export type { ReadDb, Store, StoreOptions, WriteTx } from './store.ts'
export { sql } from './sql.ts'
export type { Sql, SqlValue } from './sql.ts'
export type { Migration } from './migrate.ts'
export { migrations } from './migrations/index.ts'
export { StoreError } from './errors.ts'
export {
  activateProfile,
  countOfProfile,
  getActiveProfile,
  getOwnProfile,
  insertOwnProfile,
  listOwnProfiles,
  removeOwnProfile,
  updateOwnProfile,
} from './chat-profile.ts'
export type { OwnProfile, ProfileColumns } from './chat-profile.ts'
export {
  addUnread,
  arrangeContact,
  clearUnread,
  deleteContact,
  getContact,
  insertContact,
  listContacts,
  setContactAlias,
  setContactProfile,
  setContactStatus,
} from './chat-contacts.ts'
export type { ContactRecord } from './chat-contacts.ts'
export { getVerification, listVerifiedIds, saveVerification } from './chat-verification.ts'
export type { VerificationRecord, VerifiedHowColumn } from './chat-verification.ts'
export {
  countProfileUpdates,
  deleteConnectionRow,
  getConnection,
  getConnectionByConnId,
  getConnectionOfContact,
  getConnectionOfRequest,
  insertConnection,
  isAcceptedAsker,
  listConnectedConnections,
  listPendingConnections,
  listQueuedConnections,
  saveConnection,
} from './chat-connections.ts'
export type { ConnectionRecord } from './chat-connections.ts'
export {
  forgetBatchLink,
  listBatchLinks,
  listSteps,
  listTimedInvitations,
  noteBatchLink,
  noteStep,
} from './chat-invitation-life.ts'
export type { StepColumn, TimedInvitation } from './chat-invitation-life.ts'
export {
  getAddress,
  getAddressByConnId,
  getAddressByLabel,
  getDefaultAddress,
  insertAddress,
  isReplacing,
  listAddresses,
  listAllAddresses,
  removeAddress,
  saveAddress,
} from './chat-addresses.ts'
export type { AddressRecord } from './chat-addresses.ts'
export {
  countRequests,
  findRequestOfAsker,
  getRequest,
  ignoreAsker,
  insertRequest,
  isIgnored,
  listAcceptingIds,
  listRejectableIds,
  listRequests,
  relabelRequests,
  removeRequest,
  saveRequest,
} from './chat-requests.ts'
export type { RequestRecord } from './chat-requests.ts'
export {
  countUndelivered,
  countWaitingForRelay,
  deleteMessages,
  findMessageByAgentId,
  findMessageBySharedId,
  getMessage,
  insertMessage,
  listHeldMessages,
  listMessages,
  listUnsentMessages,
  markRequestDelivered,
  moveMessages,
  saveMessage,
  saveMessageText,
} from './chat-messages.ts'
export { listChats, namesOfConnections, namesOfContacts, namesOfRequests } from './chat-list.ts'
export type { ListCursor, ListedRow, RowNames } from './chat-list.ts'
export { searchMessages } from './chat-search.ts'
export type { SearchScope, Words } from './chat-search.ts'
export type { ChatKey, MessageRecord } from './chat-messages.ts'
export {
  deleteRelay,
  deleteSetting,
  forgetOnceAbout,
  forgetOnceBefore,
  getOnce,
  getRelayPage,
  getSetting,
  listRelays,
  putOnce,
  putRelay,
  putSetting,
  setRelayPage,
} from './chat-settings.ts'
export type { RelayRecord } from './chat-settings.ts'

/* ---- what the agent keeps */
export {
  claimAgentInvitation,
  findAgentRequests,
  getAgentInvitation,
  getAgentRequest,
  insertAgentRequest,
  markInvitationAccepted,
  pruneInvitations,
  putAgentInvitation,
  removeAgentInvitation,
} from './agent-addresses.ts'
export type { AgentInvitation, AgentRequest } from './agent-addresses.ts'
export {
  closeAgentLink,
  findAgentLinks,
  findLinkClaimsOfQueue,
  findLinkClaims,
  getAgentLink,
  getLinkClaim,
  insertAgentLink,
  markLinkPublished,
  pruneLinkClaims,
  putLinkClaim,
  removeAgentLink,
  removeLinkClaim,
  setPendingLinkData,
  useLinkClaim,
} from './agent-links.ts'
export type { AgentLink, LinkClaim } from './agent-links.ts'
export {
  connectionsWithWork,
  getAgentConnection,
  insertAgentConnection,
  patchAgentConnection,
  removeAgentConnection,
  staleClaims,
} from './agent-connections.ts'
export type {
  AgentConnection,
  AgentKind,
  AgentPhase,
  AgentRole,
  AgentSyncState,
} from './agent-connections.ts'
export {
  countDeletionFailure,
  countQueuesByServer,
  isServerNeeded,
  listServers,
  findRcvQueuesBySndId,
  findSndQueues,
  getRcvQueue,
  insertDeletion,
  insertRcvQueue,
  insertSndQueue,
  nextSndQueueOf,
  patchRcvQueue,
  queueDeletions,
  rcvQueueOf,
  rcvQueues,
  removeDeletion,
  removeRcvQueue,
  removeSndQueue,
  replaceSndQueue,
  setSndQueueStatus,
  sndQueueOf,
} from './agent-queues.ts'
export type {
  AgentQueueMode,
  QueueDeletion,
  RcvQueue,
  RcvQueueStatus,
  SndQueue,
  SndQueueStatus,
} from './agent-queues.ts'
export {
  clearSkippedKeys,
  getRatchet,
  getX3dhKeys,
  noteRekey,
  putRatchet,
  putX3dhKeys,
  removeX3dhKeys,
  skippedKeys,
  updateSkippedKeys,
} from './agent-ratchets.ts'
export type { StoredSkippedKey, X3dhKeys } from './agent-ratchets.ts'
export {
  countDeliveries,
  deliveriesOf,
  getSent,
  insertDelivery,
  insertReceived,
  insertSent,
  isQueued,
  markSent,
  nextDelivery,
  pruneMessages,
  removeDeliveriesOf,
  removeDeliveriesTo,
  removeDelivery,
  removeSent,
  setReceipt,
  wasReceived,
} from './agent-messages.ts'
export type { Delivery, SentMessage, SentType } from './agent-messages.ts'
