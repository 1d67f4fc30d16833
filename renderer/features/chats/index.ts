/** chats: the rail, the list of everything that exists, and the empty state with its two doors. Panes of open rows are other features. */
export { ClearChat } from './ClearChat.tsx'
export { EmptyChats } from './EmptyChats.tsx'
export { ListPane } from './ListPane.tsx'
export type { RowAsk } from './row-menu.tsx'
export { Rail } from './Rail.tsx'
