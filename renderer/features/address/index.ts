/** address: links of mine that many may use, and what becomes of those who ask. Requests themselves are another feature. Start at `AddressPanel.tsx`. */
export { AddressPanel } from './AddressPanel.tsx'
export { WhichOne } from './Comparison.tsx'
