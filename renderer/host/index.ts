/**
 * host: the one place of the window that knows where it runs and reads `window`. It gives the rest a `Host`:
 * calls and events of the contract, clipboard, notifications. It holds no state of a chat. Start at `host.ts`.
 */
export type { FolderDeed, Host, HostAbilities, HostNotification, LinkScheme, SchemeOwner } from './host.ts'
export { isCancelled, toFailure } from './call-error.ts'
export { CameraError } from './media.ts'
export type { Camera, CameraTrouble } from './media.ts'
export { createHost, hostLanguage } from './create.ts'
export { closePeerWays } from './no-peers.ts'
