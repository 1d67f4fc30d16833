/**
 * What a short link shows of its owner before anybody connects: JSON behind the link, signed by its author, read by
 * whoever has the link, and proof of nothing. chat.md 4.1
 */
import { MAX_LINK_DATA } from '#core/agent'
import { concatBytes, EMPTY, utf8 } from '#core/base'
import { DecodeError } from '#core/encoding'
import { packFrame, unpackFrame } from './compression.ts'
import { asRecord, parseJson } from './envelope.ts'
import { contentFromJson, textContent } from './events.ts'
import { type ProfileRecord, profileFromJson, profileToJson } from './profile-record.ts'

/** From this size on the JSON is compressed, bytes. chat.md 4.1 */
const PLAIN_LIMIT = 10_240
const COMPRESSED = 0x58 // 'X'

export interface LinkFlags {
  /** Takes no new requests now. Ours: other apps do not look for it. */
  paused?: boolean
}

/**
 * `profile` null: nobody is named, as at an address that shows each asker another name. What does not fit is left out, the
 * picture first: the whole profile and the welcome come with the connection anyway.
 */
export function linkDataOf(
  profile: ProfileRecord | null,
  message: string | null,
  { paused = false }: LinkFlags = {},
): Uint8Array {
  if (profile === null) return paused ? encode({ business: false, paused }) : EMPTY
  // The link is shown by itself, and a one-time link need not tell of an address.
  const whole = { ...profile, contactLink: null }
  const faceless = { ...whole, image: null }
  const ways = [
    [whole, message],
    [faceless, message],
    [whole, null],
    [faceless, null],
  ] as const
  const made = ways.map(
    ([shown, text]) =>
      () =>
        encode(personJson(shown, text, paused)),
  )
  for (const make of made) {
    const bytes = make()
    if (bytes.length <= MAX_LINK_DATA) return bytes
  }
  return paused ? encode({ business: false, paused }) : EMPTY
}

function personJson(
  profile: ProfileRecord,
  message: string | null,
  paused: boolean,
): Record<string, unknown> {
  return {
    profile: profileToJson(profile),
    ...(message !== null && { message: JSON.parse(textContent(message).json) as unknown }),
    business: false,
    ...(paused && { paused }),
  }
}

function encode(value: Record<string, unknown>): Uint8Array {
  const json = utf8(JSON.stringify(value))
  return json.length <= PLAIN_LIMIT ? json : concatBytes(new Uint8Array([COMPRESSED]), packFrame(json))
}

/** What was read behind a link. `profile` null: it names nobody. */
export interface LinkPreview {
  /** What the link leads to; only a person can be connected to. */
  of: 'person' | 'group' | 'relay'
  profile: ProfileRecord | null
  message: string | null
  /** Whoever asks there is put into a group with the owner and its people. */
  business: boolean
  paused: boolean
}

const NOTHING: LinkPreview = { of: 'person', profile: null, message: null, business: false, paused: false }

/** Never throws: a link whose data shows nothing, or nothing that can be read, still connects. */
export function readLinkData(bytes: Uint8Array): LinkPreview {
  if (bytes.length === 0) return NOTHING
  try {
    const plain = bytes[0] === COMPRESSED ? unpackFrame(bytes.subarray(1)) : bytes
    return fromJson(asRecord(parseJson(plain), ''))
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return NOTHING
  }
}

function fromJson(data: Readonly<Record<string, unknown>>): LinkPreview {
  if (data['groupProfile'] !== undefined) return { ...NOTHING, of: 'group' }
  if (data['relayProfile'] !== undefined) return { ...NOTHING, of: 'relay' }
  const flags = { business: data['business'] === true, paused: data['paused'] === true }
  return { ...NOTHING, ...flags, ...person(data) }
}

/** One that cannot be read does not take the flags with it. */
function person(data: Readonly<Record<string, unknown>>): Pick<LinkPreview, 'profile' | 'message'> {
  try {
    const message = data['message'] ?? null
    return {
      profile: profileFromJson(data['profile']),
      message: message === null ? null : contentFromJson(message).text || null,
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { profile: null, message: null }
  }
}
