/**
 * hand-over: ways to give somebody the one-time link that is made: a message around it, pictures of its code, and who can use
 * it at all. The card and the row of a link offer the same. Start at `ShareMenu.tsx`.
 */
export { ImageMenu } from './ImageMenu.tsx'
export { messageWith } from './message.ts'
export { ReachNote } from './ReachNote.tsx'
export { ShareMenu } from './ShareMenu.tsx'
export type { Said } from './ShareMenu.tsx'
