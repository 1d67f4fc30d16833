/** conversation: one open chat: header, messages, composer. It knows nothing of lists or of links. Start at `Conversation.tsx`. */
export { ContactChat } from './ContactChat.tsx'
export { Conversation } from './Conversation.tsx'
export type { ConversationProps } from './Conversation.tsx'
export { DeleteContact } from './DeleteContact.tsx'
