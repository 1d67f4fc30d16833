/**
 * chat: profiles, contacts, pending rows and text messages, as chat.md describes them for direct contacts; and what a
 * pasted text means. It acts through the agent and knows no relays, no contract and no clock of its own. Use cases are
 * functions on a `ChatContext` inside a transaction. Start reading at `handler.ts` for what arrives, `connecting.ts`
 * and `messaging.ts` for what is done here.
 */
export { Changes } from './changes.ts'
export type { Change } from './changes.ts'
export type { ChatContext } from './context.ts'
export { newId } from './context.ts'
export { ChatError } from './errors.ts'
export type { ChatErrorCode } from './errors.ts'
export { createHandler } from './handler.ts'
export {
  changeConnection,
  deleteConnection,
  markShared,
  recordInvitation,
  queuedFailed,
  queuedWaits,
  recordJoin,
  recordQueued,
  renameConnection,
  requireConnection,
} from './connecting.ts'
export {
  addressLabel,
  addressState,
  checkNewAddress,
  deleteAddress,
  findAddress,
  isShared,
  recordAddress,
  replaceAddress,
  requireAddress,
  updateAddress,
  waitingRequests,
} from './addresses.ts'
export { isFlooded } from './arrivals.ts'
export type { AddressChange, AddressState, MadeAddress } from './addresses.ts'
export {
  acceptanceFailed,
  acceptanceInfo,
  acceptedElsewhere,
  beginAcceptance,
  recordAcceptance,
  requestGone,
  shownToAsker,
} from './accepting.ts'
export { rejectRequest, rejectRequests } from './requests.ts'
export { isWelcome, recordRepeat, recordRequest, requestInfo, requestMessage } from './asking.ts'
export { incognitoProfile, looksRandom, randomName } from './incognito.ts'
export {
  arrange,
  clearChat,
  deleteContact,
  markRead,
  markUnread,
  nameContact,
  requireContact,
  setDraft,
} from './contacts.ts'
export {
  dropBatchLinks,
  dueAt,
  holdBatchLink,
  isOpen,
  noteOpened,
  passTime,
  setExpiry,
  takeBatchLink,
} from './invitation-life.ts'
export { excerptOf, folded, wordsOf } from './words-of-text.ts'
export { checkCodes } from './code-watch.ts'
export { clearVerification, showCode, updateVerification, verifyCode } from './verification.ts'
export type { Compared, ShownCode } from './verification.ts'
export { checkText, retryMessage, sendText } from './messaging.ts'
export { changeProfile, requireProfile, shownProfile, tellEverybody } from './own-profile.ts'
export { appearAs, moveToProfile, queueAs, requireWaiting } from './appearance.ts'
export { createProfile, deleteProfile, switchProfile } from './profiles.ts'
export { encodeInfo } from './events.ts'
export { displayLine, isValidName, nearestName, suggestedName } from './names.ts'
export { profileForDisplay } from './profile-record.ts'
export type { ProfileRecord } from './profile-record.ts'
export { addressLinkData, newAddressLinkData, publishAddress, publishAddresses } from './link-publishing.ts'
export { meetShown } from './shown-links.ts'
export { linkDataOf, readLinkData } from './link-data.ts'
export type { LinkPreview } from './link-data.ts'
export { findLinks } from './link-text.ts'
export type { FoundText, LinkFacts, LinkReaders } from './link-text.ts'
export { MAX_LINK_TEXT, MAX_REQUESTS } from './constants.ts'
