import { fromUtf8, utf8 } from '#core/base'
import { DecodeError, fromBase64Url, parseVersionRange, toBase64Url, type VersionRange } from '#core/encoding'
import { unpackBlocks } from './compression.ts'
import { CHAT_VERSIONS, MAX_NESTING, MOST_BROKEN, MOST_ELEMENTS } from './constants.ts'

/** One message of the chat protocol (chat.md 1.1). `msgId` is compared as bytes and kept as it came. */
export interface ChatMessage {
  versions: VersionRange
  msgId: Uint8Array | null
  event: string
  params: Readonly<Record<string, unknown>>
}

/** A body holds one message or several; a broken one does not spoil its neighbours. */
export type Parsed = { ok: true; message: ChatMessage } | { ok: false; error: DecodeError }

/** One JSON message, the only form we send. */
export function encodeChatMessage(message: {
  event: string
  params: Record<string, unknown>
  msgId?: Uint8Array
}): Uint8Array {
  return utf8(
    JSON.stringify({
      v: CHAT_VERSIONS,
      ...(message.msgId && { msgId: toBase64Url(message.msgId) }),
      event: message.event,
      params: message.params,
    }),
  )
}

const OBJECT = 0x7b // '{'
const ARRAY = 0x5b // '['
const COMPRESSED = 0x58 // 'X'

/**
 * Every form of a body that a direct chat can meet (chat.md 1.2). Binary batches, signed and forwarded elements and
 * file chunks belong to groups and files: they come back as one error, and the caller acknowledges them all the same.
 */
export function parseBody(body: Uint8Array): Parsed[] {
  const elements = elementsOf(body)
  if (!Array.isArray(elements)) return [failed(elements)]
  const all: Parsed[] = []
  let broken = 0
  for (const element of elements.slice(0, MOST_ELEMENTS)) {
    const parsed = parseOne(element)
    all.push(parsed)
    if (!parsed.ok && ++broken === MOST_BROKEN) break
  }
  if (all.length < elements.length) all.push(failed(new DecodeError('more messages than a body has', 0)))
  return all
}

/** What stands side by side in a body, unread, or why it cannot be taken apart. Nothing is made of each yet. */
function elementsOf(body: Uint8Array): unknown[] | DecodeError {
  try {
    if (body[0] !== COMPRESSED) return plainElements(body)
    // A broken block does not spoil its neighbours: it counts as one broken element.
    return unpackBlocks(body.subarray(1)).flatMap((block) => {
      try {
        return plainElements(block)
      } catch (error) {
        if (error instanceof DecodeError) return [undefined]
        throw error
      }
    })
  } catch (error) {
    if (error instanceof DecodeError) return error
    throw error
  }
}

function plainElements(body: Uint8Array): unknown[] {
  if (body[0] === OBJECT) return [parseJson(body)]
  if (body[0] !== ARRAY) throw new DecodeError('a form of body that direct chats do not have', 0)
  const elements = parseJson(body)
  if (!Array.isArray(elements)) throw new DecodeError('not an array', 0)
  return elements
}

/** Connection info: exactly one JSON message, compressed or not. Throws `DecodeError`. */
export function parseConnectionInfo(body: Uint8Array): ChatMessage {
  const elements = elementsOf(body)
  if (!Array.isArray(elements)) throw elements
  if (elements.length !== 1) throw new DecodeError('connection info is one message', 0)
  const parsed = parseOne(elements[0])
  if (!parsed.ok) throw parsed.error
  return parsed.message
}

/** JSON of a peer. Throws `DecodeError`, also where it is nested deeper than could be written down again. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = fromUtf8(bytes)
    if (nesting(text) > MAX_NESTING) throw new DecodeError('nested too deep', 0)
    return JSON.parse(text) as unknown
  } catch (cause) {
    if (cause instanceof DecodeError) throw cause
    throw new DecodeError('not JSON', 0, '', { cause })
  }
}

/** How deep objects and arrays stand in one another, strings left out. One look at each sign. */
function nesting(json: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const sign = json[at]
    if (inString && sign === '\\') at++
    else if (sign === '"') inString = !inString
    else if (inString) continue
    else if (sign === '[' || sign === '{') deepest = Math.max(deepest, ++depth)
    else if (sign === ']' || sign === '}') depth--
  }
  return deepest
}

function parseOne(value: unknown): Parsed {
  try {
    const object = asRecord(value, '')
    const version = object['v'] ?? '1'
    if (typeof version !== 'string') throw new DecodeError('not a version range', 0, 'v')
    const event = object['event']
    if (typeof event !== 'string' || !/^x[^\s]*$/.test(event)) {
      throw new DecodeError('not an event name', 0, 'event')
    }
    const msgId = object['msgId'] ?? null
    return {
      ok: true,
      message: {
        versions: parseVersionRange(version),
        msgId: msgId === null ? null : asBytes(msgId, 'msgId'),
        event,
        params: asRecord(object['params'], 'params'),
      },
    }
  } catch (error) {
    return failed(error)
  }
}

function failed(error: unknown): Parsed {
  if (error instanceof DecodeError) return { ok: false, error }
  throw error
}

export function asRecord(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError('not an object', 0, path)
  }
  return value as Record<string, unknown>
}

export function asText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new DecodeError('not a text', 0, path)
  return value
}

/** Base64url, padded or not, and not empty (chat.md 1.1). */
export function asBytes(value: unknown, path: string): Uint8Array {
  const bytes = fromBase64Url(asText(value, path))
  if (bytes.length === 0) throw new DecodeError('empty byte string', 0, path)
  return bytes
}
