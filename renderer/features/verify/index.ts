/**
 * verify: the security code of one contact, the ways to compare it, and what a difference means. The mark itself is drawn by
 * row, header and info. Start at `VerifyScreen.tsx`.
 */
export { VerifyScreen } from './VerifyScreen.tsx'
