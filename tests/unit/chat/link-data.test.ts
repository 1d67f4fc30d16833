import { describe, expect, it } from 'vitest'
import { MAX_LINK_DATA } from '#core/agent'
import { concatBytes, fromUtf8, utf8 } from '#core/base'
import { linkDataOf, type ProfileRecord, readLinkData } from '#core/chat'
import { packFrame, unpackFrame } from '../../../core/chat/compression.ts'

const ANN: ProfileRecord = {
  displayName: 'Ann',
  fullName: 'Ann Example',
  description: 'hello',
  image: null,
  contactLink: 'simplex:/contact#/?v=2-7&smp=x',
}
const picture = (length: number): string =>
  `data:image/png;base64,${Buffer.from(Array.from({ length }, (_, at) => (at * 2_654_435_761) >>> 24)).toString('base64')}`

describe('what a link shows of its owner', () => {
  it('is the JSON of the official apps, with the whole profile but its link', () => {
    const json = JSON.parse(fromUtf8(linkDataOf(ANN, 'Welcome!'))) as Record<string, unknown>
    expect(json).toMatchObject({
      profile: { displayName: 'Ann', fullName: 'Ann Example', shortDescr: 'hello' },
      message: { type: 'text', text: 'Welcome!' },
      business: false,
    })
    expect(Object.keys(json)).toEqual(['profile', 'message', 'business'])
    expect(json['profile']).not.toHaveProperty('contactLink')
    expect(json['profile']).toHaveProperty('preferences.calls.allow', 'no')
    expect(Object.keys(JSON.parse(fromUtf8(linkDataOf(ANN, null))) as object)).toEqual([
      'profile',
      'business',
    ])
  })

  it('comes back as it was, plain and compressed', () => {
    for (const image of [null, picture(9_000)]) {
      const data = linkDataOf({ ...ANN, image }, 'Welcome!', { paused: true })
      expect(data[0]).toBe(image === null ? 0x7b : 0x58)
      expect(data.length).toBeLessThanOrEqual(MAX_LINK_DATA)
      expect(readLinkData(data)).toEqual({
        of: 'person',
        profile: { ...ANN, image, contactLink: null },
        message: 'Welcome!',
        business: false,
        paused: true,
      })
    }
  })

  it('leaves out the picture, then the message, where they do not fit', () => {
    const noise = (length: number): string =>
      Buffer.from(Array.from({ length }, () => Math.trunc(Math.random() * 256))).toString('base64')
    const image = `data:image/png;base64,${noise(9_000)}`
    const long = noise(7_000)
    expect(readLinkData(linkDataOf({ ...ANN, image }, long))).toMatchObject({
      profile: { displayName: 'Ann', image: null },
      message: long,
    })
    expect(readLinkData(linkDataOf({ ...ANN, image }, noise(18_000)))).toMatchObject({
      profile: { displayName: 'Ann', image },
      message: null,
    })
  })

  it('names nobody where nobody is to be named', () => {
    expect(linkDataOf(null, 'Welcome!')).toHaveLength(0)
    expect(readLinkData(linkDataOf(null, null, { paused: true }))).toMatchObject({
      profile: null,
      paused: true,
    })
    expect(fromUtf8(linkDataOf(null, null, { paused: true }))).not.toContain('profile')
  })
})

describe('what somebody else has put behind a link', () => {
  const read = (value: unknown): ReturnType<typeof readLinkData> => readLinkData(utf8(JSON.stringify(value)))

  it('tells groups and relays from people, and a business', () => {
    expect(read({ groupProfile: { displayName: 'x' } }).of).toBe('group')
    expect(read({ relayProfile: {} }).of).toBe('relay')
    expect(read({ profile: { displayName: 'Shop', fullName: '' }, business: true, future: 1 })).toMatchObject(
      {
        of: 'person',
        business: true,
        profile: { displayName: 'Shop' },
      },
    )
  })

  it('is nothing where it cannot be read, and never an error', () => {
    const bomb = packFrame(new Uint8Array(65_537))
    const x = new Uint8Array([0x58])
    for (const bytes of [
      new Uint8Array(0),
      utf8('{'),
      utf8('[]'),
      utf8('"text"'),
      new Uint8Array([0xff, 0xfe]),
      x,
      concatBytes(x, bomb),
      concatBytes(x, packFrame(utf8('{}')).subarray(0, 8)),
      utf8(JSON.stringify({ profile: { displayName: 5 } })),
      concatBytes(x, packFrame(utf8(`{"message":${'[{"a":'.repeat(9_000)}`))),
    ]) {
      expect(readLinkData(bytes)).toMatchObject({ of: 'person', profile: null, message: null })
    }
    expect(read({ profile: 7, paused: true })).toMatchObject({ profile: null, paused: true })
  })

  it('unpacks 65,536 bytes and not one more', () => {
    expect(unpackFrame(packFrame(new Uint8Array(65_536)))).toHaveLength(65_536)
    expect(() => unpackFrame(packFrame(new Uint8Array(65_537)))).toThrow('too much')
  })
})
