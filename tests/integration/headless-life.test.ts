import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, person, restart } from '../tools/people.ts'
import { decoded } from '../tools/pictures.ts'
import { endAll, type RunningRelay, startRelay } from '../tools/programs.ts'

let relay: RunningRelay

beforeAll(async () => {
  relay = await startRelay()
})
afterAll(endAll)

const bytesOf = (dataUri: string): Buffer => Buffer.from(dataUri.slice(dataUri.indexOf(',') + 1), 'base64')

describe('pictures of links', () => {
  let ann: Person
  beforeAll(async () => {
    ann = await person('Ann', [relay.address])
  })

  it('INV-5: a saved picture has 1024 pixels or more and decodes to the link', async () => {
    const { link, fullLink } = await ann.core.call('invitation.create', {})
    for (const text of new Set([link, fullLink])) {
      const { dataUri } = await ann.core.call('link.image', { link: text, style: 'code', format: 'png' })
      expect(dataUri).toMatch(/^data:image\/png;base64,/)
      const picture = decoded(bytesOf(dataUri))
      expect(picture.text).toBe(text)
      expect(picture.width).toBeGreaterThanOrEqual(1_024)
      const svg = await ann.core.call('link.image', { link: text, style: 'code', format: 'svg' })
      expect(bytesOf(svg.dataUri).toString()).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    }
  })

  it('INV-12: a card names the profile and decodes; another name only where it is chosen', async () => {
    const { link } = await ann.core.call('invitation.create', { name: 'Secret friend' })
    const cardOf = async (title?: string): Promise<string> => {
      const params = { link, style: 'card', format: 'svg', ...(title !== undefined && { title }) } as const
      return bytesOf((await ann.core.call('link.image', params)).dataUri).toString()
    }
    const card = await cardOf()
    expect(card).toContain('>Ann</text>')
    // its relay is on 127.0.0.1
    expect(card).toContain('only on the computer')
    expect(card).not.toContain('Secret')
    expect(await cardOf('Somebody')).toContain('>Somebody</text>')
    expect(await cardOf('')).not.toContain('Ann')
    const png = await ann.core.call('link.image', { link, style: 'card', format: 'png', size: 1_200 })
    expect(decoded(bytesOf(png.dataUri))).toMatchObject({ width: 1_200, text: link })
  })

  it('names nobody on a card for a link of somebody else, and none for an address that accepts incognito', async () => {
    const bob = await person('Bob', [relay.address])
    const { link } = await bob.core.call('invitation.create', {})
    const card = async (who: Person, text: string): Promise<string> =>
      bytesOf(
        (await who.core.call('link.image', { link: text, style: 'card', format: 'svg' })).dataUri,
      ).toString()
    expect(await card(ann, link)).not.toMatch(/Ann|Bob/)
    const address = await bob.core.call('address.create', {})
    expect(await card(bob, address.link)).toContain('>Bob</text>')
    await bob.core.call('address.update', { autoAccept: { incognito: true } })
    const { link: quiet } = (await bob.core.call('address.get', {}))!
    expect(await card(bob, quiet)).not.toContain('Bob')
  })

  it('refuses what is no link, and a page that is no page', async () => {
    expect(
      await ann.core.refused('link.image', { link: 'hello', style: 'code', format: 'png' }),
    ).toMatchObject({ code: 'LINK_INVALID' })
    expect(await ann.core.refused('link.image', { style: 'code', format: 'png' })).toMatchObject({
      code: 'INVALID_PARAMS',
      details: { path: 'link' },
    })
    expect(await ann.core.refused('link.image', { link: 'x', style: 'page', format: 'png' })).toMatchObject({
      code: 'INVALID_PARAMS',
      details: { path: 'format' },
    })
  })
})

describe('a link from outside', () => {
  it('ONB-6, LND-6: waits while somebody is setting up, the newest alone, and is told of once', async () => {
    const ann = await person('Ann', [relay.address])
    const heldLink = async (): Promise<boolean> => (await ann.core.call('app.get', {})).heldLink
    await ann.core.call('app.setOnboarding', { step: 'relays' })
    await ann.core.call('app.openLink', { text: 'first' })
    await ann.core.call('app.openLink', { text: 'second' })
    expect(await heldLink()).toBe(true)
    expect(ann.core.events.some(({ event }) => event === 'link.opened')).toBe(false)

    await ann.core.call('app.setOnboarding', { step: 'done' })
    expect(await ann.core.waitForEvent('link.opened')).toEqual({ text: 'second', replaced: true })
    expect(await heldLink()).toBe(false)

    await ann.core.call('app.openLink', { text: 'third' })
    expect(await ann.core.waitForEvent('link.opened', ({ text }) => text === 'third')).toEqual({
      text: 'third',
      replaced: false,
    })
    expect(ann.core.events.filter(({ event }) => event === 'link.opened')).toHaveLength(2)
    expect(await ann.core.refused('app.openLink', { text: 'x'.repeat(1_048_577) })).toMatchObject({
      code: 'TOO_LARGE',
      details: { path: 'text' },
    })
  })

  it('LND-6: is held in memory only: nothing of it is in the data folder, and a restart forgets it', async () => {
    const ann = await person('Ann', [relay.address])
    await ann.core.call('app.setOnboarding', { step: 'protect' })
    await ann.core.call('app.openLink', { text: 'simplex:/held-in-memory-only' })
    await restart(ann)
    expect((await ann.core.call('app.get', {})).heldLink).toBe(false)
    for (const file of readdirSync(ann.dataDir, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue
      expect(readFileSync(join(file.parentPath, file.name)).includes('held-in-memory-only')).toBe(false)
    }
  })
})
