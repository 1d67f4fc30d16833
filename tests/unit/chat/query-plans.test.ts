import { expect, it } from 'vitest'
import { silentLog, systemClock } from '#core/base'
import {
  countOfProfile,
  countRequests,
  countUndelivered,
  findRequestOfAsker,
  countWaitingForRelay,
  findMessageByAgentId,
  getConnectionByConnId,
  getConnectionOfContact,
  getConnectionOfRequest,
  isAcceptedAsker,
  listAcceptingIds,
  listContacts,
  listRequests,
  listHeldMessages,
  listMessages,
  listPendingConnections,
  listUnsentMessages,
  migrations,
  openStore,
  type ReadDb,
  type Sql,
} from '#core/store'

/** What SQLite does for every query that `ask` makes. */
function plansOf(ask: (db: ReadDb) => unknown): string[] {
  const store = openStore(':memory:', { log: silentLog, clock: systemClock, migrations })
  return store.read((db) => {
    const plans: string[] = []
    const note = (query: Sql): void => {
      const explained = { text: `EXPLAIN QUERY PLAN ${query.text}`, params: query.params }
      plans.push(...db.all<{ detail: string }>(explained).map((step) => step.detail))
    }
    ask({
      get: (query) => (note(query), db.get(query)),
      all: (query) => (note(query), db.all(query)),
    })
    return plans
  })
}

const ID = new Uint8Array(16)
const chat = { contactId: 'c' }

it.each<[string, (db: ReadDb) => unknown, string]>([
  ['a page of a chat', (db) => listMessages(db, chat, 100, 50), 'chat_message_contact'],
  [
    'a page of a joined link',
    (db) => listMessages(db, { connectionId: 'c' }, 100, 50),
    'chat_message_connection',
  ],
  ['the message behind a tick', (db) => findMessageByAgentId(db, chat, 7), 'chat_message_agent'],
  ['what a chat has not delivered', (db) => countUndelivered(db, 'c'), 'chat_message_sending'],
  ['what a chat holds back', (db) => listHeldMessages(db, chat), 'chat_message_sending'],
  ['what a chat has not sent', (db) => listUnsentMessages(db, chat), 'chat_message_sending'],
  ['what waits for a relay', (db) => countWaitingForRelay(db), 'chat_message_sending'],
  [
    'the row of an agent connection',
    (db) => getConnectionByConnId(db, 'c'),
    'sqlite_autoindex_chat_connection',
  ],
  ['the request of an asker', (db) => findRequestOfAsker(db, 'p', ID), 'chat_request_asker'],
  ['who was accepted already', (db) => isAcceptedAsker(db, 'p', ID), 'chat_connection_asker'],
  ['what became of a request', (db) => getConnectionOfRequest(db, 'r'), 'chat_connection_request'],
  ['the requests of an address', (db) => countRequests(db, 'a'), 'chat_request_address'],
  ['what is being accepted', (db) => listAcceptingIds(db), 'chat_request_accepting'],
  [
    'a page of the requests of an address',
    (db) => listRequests(db, { of: { addressId: 'a' }, beforeSeq: 9, limit: 9 }),
    'chat_request_address',
  ],
  [
    'a page of the requests of a profile',
    (db) => listRequests(db, { of: { profileId: 'p' }, beforeSeq: 9, limit: 9 }),
    'chat_request_profile',
  ],
  ['the pending rows of a profile', (db) => listPendingConnections(db, 'p'), 'chat_connection_pending'],
  ['the contacts of a profile', (db) => listContacts(db, 'p'), 'chat_contact_profile'],
  [
    'the numbers of a profile',
    (db) => countOfProfile(db, 'p'),
    'COVERING INDEX chat_contact_profile (profile_id=?)',
  ],
  ['the connection of a contact', (db) => getConnectionOfContact(db, 'c'), 'chat_connection_contact'],
])('%s is found by an index', (_name, ask, index) => {
  const plans = plansOf(ask)
  expect(plans.join('\n')).toContain(index)
})

it.each<[string, (db: ReadDb) => unknown]>([
  ['a page of a chat', (db) => listMessages(db, chat, 100, 50)],
  ['held messages', (db) => listHeldMessages(db, chat)],
  ['unsent messages', (db) => listUnsentMessages(db, chat)],
])('%s come in order without sorting or a look at every row', (_name, ask) => {
  for (const plan of plansOf(ask)) {
    expect(plan).not.toContain('TEMP B-TREE')
    expect(plan).not.toMatch(/^SCAN/)
  }
})
