/**
 * start: the pages that stand in place of the window while its data cannot be opened, or its address opens nothing.
 * Words only, what is safe in the first lines, a choice that changes nothing. Start at `TroublePage.tsx`.
 */
export { RefusedPage } from './RefusedPage.tsx'
export { TroublePage } from './TroublePage.tsx'
