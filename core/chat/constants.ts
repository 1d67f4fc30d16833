/* ---- Specification */

/** What we announce in `v`: all that direct chats ever need, and no promise of groups. chat.md 1.5 */
export const CHAT_VERSIONS = '1-16'
/** Encoded body of an ordinary message, bytes. chat.md 1.3 */
export const MAX_MESSAGE_BODY = 15_602
/** Encoded connection info, bytes. chat.md 1.3 */
export const MAX_CONNECTION_INFO = 14_694
/** Most that a compressed body may unpack to, bytes. chat.md 1.2 */
export const MAX_UNPACKED = 65_536
/** Longest display name, code points. chat.md 2.3 */
export const MAX_NAME = 50
/** Longest run of punctuation in a display name. chat.md 2.3 */
export const MAX_PUNCTUATION_RUN = 3
/** Own profile picture, characters of the whole data URI. chat.md 2.4 */
export const MAX_PROFILE_IMAGE = 12_500
/** Own short description, bytes of its JSON string. chat.md 2.2 */
export const MAX_DESCRIPTION = 160
/** Random bytes behind a shared message id, before their own text form. chat.md 1.1 */
export const MESSAGE_ID_BYTES = 12

/* ---- Ours */

/** Longest text that `findLinks` reads, UTF-16 units: a paste beyond it is no link. api.md, "The link check" */
export const MAX_LINK_TEXT = 1_048_576
/** Longest single link we try to read: three times a full link that carries a post-quantum key. */
export const MAX_LINK = 16_384
/** Most things found in one text: nobody chooses among more, and each costs a parse. */
export const MOST_FOUND = 500
/** Most lines that are joined to broken links of one text, all links together; a link of 76 columns has about 10. */
export const MOST_JOINED_LINES = 400
/** Most messages of one body: what apps put into one has some hundred at most, and each costs a look into the database. */
export const MOST_ELEMENTS = 1_000
/** Most broken ones that are told apart: whatever follows so many is not looked at. */
export const MOST_BROKEN = 16
/**
 * Deepest nesting of a peer's JSON: messages have about six levels. V8 reads any depth and fails to write some thousands, so
 * that a message of ten kilobytes could never be taken from its queue.
 */
export const MAX_NESTING = 100
/** Longest picture of a peer that is passed on to a window: what fits into one message body. */
export const MAX_PEER_IMAGE = 65_536
/** Longest private name, code points: the same as for a display name, so that one field shows both. */
export const MAX_ALIAS = 50
/** Longest draft, UTF-16 units: what several messages hold. */
export const MAX_DRAFT = 65_536
/** Longest other text of a peer's profile that is shown, code points. */
export const MAX_PEER_TEXT = 1_000

/**
 * Most unanswered requests kept for one address, those whose acceptance waits included. Beyond it the oldest stay and new
 * ones are not kept, only counted; a repetition of a kept one is always taken.
 */
export const MAX_REQUESTS = 1_000
/** From so many waiting requests on, or so many new ones within a minute, an address is flooded. */
export const FLOOD_WAITING = 30
export const FLOOD_PER_MINUTE = 20
/** Longest private label of an address, code points: the same as for a private name. */
export const MAX_LABEL = 50
