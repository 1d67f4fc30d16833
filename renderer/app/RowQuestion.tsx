import { ClearChat } from '../features/chats/index.ts'
import type { RowAsk } from '../features/chats/index.ts'
import { DeleteContact } from '../features/conversation/index.ts'
import { DeleteDialog } from '../features/pending/index.ts'

/** What is asked before something of a row is taken away. */
export function RowQuestion({ ask, onClose }: { ask: RowAsk; onClose: () => void }) {
  if (ask.what === 'delete-link') return <DeleteDialog connection={ask.connection} onClose={onClose} />
  if (ask.what === 'clear') return <ClearChat contact={ask.contact} onClose={onClose} />
  return <DeleteContact contact={ask.contact} onClose={onClose} />
}
