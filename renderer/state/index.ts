/**
 * state: what the window knows. `Store` holds the entities of the contract, `Router` where the window is, `Toasts` what
 * is said in passing; view-models are plain classes joined to React by hooks. No JSX. Start at `store.ts`.
 */
export { Store, applyEvent } from './store.ts'
export type { StoreState } from './store.ts'
export { ownSeed } from './own-seed.ts'
export { hasEnded } from './has-ended.ts'
export { LONGEST_PRIVATE_NAME, PrivateName } from './private-name.ts'
export {
  failedAtCertificate,
  isIdentityProblem,
  ownRelays,
  presetRelays,
  relayHost,
  relayPlace,
} from './relays.ts'
export type { TestRun, TestRuns } from './relays.ts'
export { Router, isOpen } from './router.ts'
export type { Guard, NewChatTab, Overlay, Route, RouterState, SettingsPanel } from './router.ts'
export {
  FOLDED_ROW,
  filterRows,
  findRow,
  foldRequests,
  foldText,
  hitRows,
  listRows,
  unreadRows,
} from './rows.ts'
export type { Row } from './rows.ts'
export { Search } from './search.ts'
export type { LinkFound, SearchState } from './search.ts'
export { textParts } from './text-links.ts'
export { tallyState } from './tally-state.ts'
export { timelineItems } from './timeline-items.ts'
export type { TimelineItem } from './timeline-items.ts'
export { Timeline } from './timeline.ts'
export type { ChatTarget, TimelineState } from './timeline.ts'
export { Timelines } from './timelines.ts'
export { Toasts } from './toasts.ts'
export type { Toast } from './toasts.ts'
export { useDeed } from './use-deed.ts'
export { ServicesContext, useHost, useRouter, useServices, useStore, useViewModel } from './use-view-model.ts'
export type { Services } from './use-view-model.ts'
export { waitsLong } from './waits-long.ts'
