/**
 * hand-over: ways to give somebody the one-time link that is made: a message around it, pictures of its code. The card and the
 * row of a link offer the same. Start at `ShareMenu.tsx`.
 */
export { ImageMenu } from './ImageMenu.tsx'
export { ShareMenu } from './ShareMenu.tsx'
export type { Said } from './ShareMenu.tsx'
