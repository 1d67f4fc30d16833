import { messageColumns, type MessageRecord, type MessageRow, toMessage } from './chat-messages.ts'
import { sql } from './sql.ts'
import type { ReadDb } from './store.ts'

/** The words to look for: whole ones, and the beginning of one that is still being typed. */
export interface Words {
  whole: readonly string[]
  begun: string | null
}

/** Where to look. `profileId: null` is for an installation with one profile: the fewer words, the faster. */
export type SearchScope = { contactId: string } | { profileId: string | null }

/** Newest first. Every word must be there. */
export function searchMessages(db: ReadDb, words: Words, scope: SearchScope, limit: number): MessageRecord[] {
  const terms = words.whole.map(quoted)
  if (words.begun !== null) terms.push(`${quoted(words.begun)} *`)
  if (terms.length === 0) return []
  const where = scopeWord(scope)
  const query = [
    ...(where === null ? [] : [`found_by : ${quoted(where)}`]),
    `text : (${terms.join(' AND ')})`,
  ]
  return db
    .all<MessageRow>(
      sql`SELECT ${messageColumns} FROM chat_message
        JOIN (SELECT rowid AS hit FROM chat_word WHERE chat_word MATCH ${query.join(' AND ')}
          ORDER BY rowid DESC LIMIT ${limit}) ON hit = seq
        ORDER BY seq DESC`,
    )
    .map(toMessage)
}

/** As the triggers of migration 80 write it: letters and digits alone, so that it is one word. */
function scopeWord(scope: SearchScope): string | null {
  const word = (letter: string, id: string): string => letter + id.replaceAll('-', 'x').replaceAll('_', 'y')
  if ('contactId' in scope) return word('c', scope.contactId)
  return scope.profileId === null ? null : word('p', scope.profileId)
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`
}
