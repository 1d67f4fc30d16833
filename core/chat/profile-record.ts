import { DecodeError } from '#core/encoding'
import { MAX_PEER_IMAGE, MAX_PEER_TEXT } from './constants.ts'
import { asRecord, asText } from './envelope.ts'
import { displayLine } from './names.ts'

/** A profile as it travels (chat.md 2.2), with `null` for what is left out. Values of peers are raw. */
export interface ProfileRecord {
  displayName: string
  fullName: string
  description: string | null
  image: string | null
  contactLink: string | null
}

/**
 * Always sent complete (chat.md 3.9). Everything that this client cannot do yet is refused by preference,
 * so that a peer's app does not offer it.
 */
const PREFERENCES = {
  timedMessages: { allow: 'no' },
  fullDelete: { allow: 'no' },
  reactions: { allow: 'no' },
  voice: { allow: 'no' },
  calls: { allow: 'no' },
  files: { allow: 'no' },
} as const

export function profileToJson(profile: ProfileRecord): Record<string, unknown> {
  return {
    displayName: profile.displayName,
    fullName: profile.fullName,
    ...(profile.description !== null && { shortDescr: profile.description }),
    ...(profile.image !== null && { image: profile.image }),
    ...(profile.contactLink !== null && { contactLink: profile.contactLink }),
    preferences: PREFERENCES,
  }
}

/** Throws `DecodeError` where a required key is missing or a type is wrong; unknown keys are ignored and not kept. */
export function profileFromJson(value: unknown, path = 'profile'): ProfileRecord {
  const object = asRecord(value, path)
  const displayName = asText(object['displayName'], `${path}.displayName`)
  checkPreferences(object['preferences'], `${path}.preferences`)
  return {
    displayName,
    fullName: asText(object['fullName'], `${path}.fullName`),
    description: optionalText(object['shortDescr'], `${path}.shortDescr`),
    image: optionalText(object['image'], `${path}.image`),
    contactLink: optionalText(object['contactLink'], `${path}.contactLink`),
  }
}

function optionalText(value: unknown, path: string): string | null {
  return value === undefined || value === null ? null : asText(value, path)
}

/** An unknown value of `allow` makes the whole message unreadable (chat.md 1.6); unknown features are nobody's concern. */
function checkPreferences(value: unknown, path: string): void {
  if (value === undefined || value === null) return
  const preferences = asRecord(value, path)
  for (const feature of ['timedMessages', 'fullDelete', 'reactions', 'voice', 'calls', 'files']) {
    const preference = preferences[feature]
    if (preference === undefined || preference === null) continue
    const allow = asRecord(preference, `${path}.${feature}`)['allow']
    if (allow !== 'always' && allow !== 'yes' && allow !== 'no') {
      throw new DecodeError('not a value of allow', 0, `${path}.${feature}.allow`)
    }
  }
}

/** The two forms that every client shows (chat.md 2.4), and `jpeg`, which peers do send. */
const IMAGE_URI = /^data:image\/(png|jpg|jpeg);base64,[A-Za-z0-9+/]+=*$/

/** Shown for whoever has a name of which nothing can be seen. */
const NO_NAME = '(no visible name)'

/** A peer's profile made fit for the screen: one-line names, only pictures that are pictures. */
export function profileForDisplay(raw: ProfileRecord): ProfileRecord {
  const fullName = displayLine(raw.fullName)
  const description = raw.description === null ? '' : displayLine(raw.description, MAX_PEER_TEXT)
  const image = raw.image
  return {
    displayName: displayLine(raw.displayName) || NO_NAME,
    fullName,
    description: description || null,
    image: image !== null && image.length <= MAX_PEER_IMAGE && IMAGE_URI.test(image) ? image : null,
    contactLink: raw.contactLink,
  }
}

export function sameProfile(a: ProfileRecord, b: ProfileRecord): boolean {
  return (
    a.displayName === b.displayName &&
    a.fullName === b.fullName &&
    a.description === b.description &&
    a.image === b.image &&
    a.contactLink === b.contactLink
  )
}
