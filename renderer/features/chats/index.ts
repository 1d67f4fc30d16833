/** chats: the rail, the list of everything that exists, and the empty state with its two doors. Panes of open rows are other features. */
export { EmptyChats } from './EmptyChats.tsx'
export { ListPane } from './ListPane.tsx'
export { Rail } from './Rail.tsx'
