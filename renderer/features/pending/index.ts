/** pending: one connection on its way: a link I made, or one I used. Messages are not its matter. Start at `PendingDetails.tsx`. */
export { DeleteDialog } from './DeleteDialog.tsx'
export { PendingBar } from './PendingBar.tsx'
export { PendingDetails } from './PendingDetails.tsx'
export { PendingFacts } from './PendingFacts.tsx'
export { PendingProblem } from './PendingProblem.tsx'
export { RequestSent } from './RequestSent.tsx'
