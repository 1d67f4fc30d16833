/** requests: people who ask at an address of mine: the folded list with bulk reject, and the card of one. Start at `RequestCard.tsx`. */
export { RequestCard } from './RequestCard.tsx'
export { RequestList } from './RequestList.tsx'
