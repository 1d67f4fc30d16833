import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contactNamed, type Person, person, restart } from '../tools/people.ts'
import { decoded } from '../tools/pictures.ts'
import { endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'

let relay: RunningRelay
let ann: Person
let bob: Person

beforeAll(async () => {
  relay = await startRelay()
  ann = await person('Ann', [relay.address])
  bob = await person('Bob', [relay.address])
})
afterAll(endAll)

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()
const timeline = async (who: Person, connectionId: string): Promise<string[]> =>
  (await who.core.call('connection.get', { connectionId })).timeline.map(({ what }) => what)

async function refusedEverywhere(who: Person, link: string): Promise<void> {
  await until(async () => (await who.core.call('connection.plan', { link })).status === 'used')
  expect(await who.core.refused('connection.connect', { link })).toMatchObject({ code: 'LINK_USED' })
}

describe('a link with a date', () => {
  it('INV-9: works until then, is revoked at that time, and who tries it later is refused', async () => {
    const { connectionId, link } = await ann.core.call('invitation.create', { expiresAt: inMs(1_500) })
    expect(await ann.core.call('connection.get', { connectionId })).toMatchObject({ phase: 'unused' })
    const row = await ann.core.waitForEvent(
      'connection.updated',
      (one) => one.connectionId === connectionId && one.phase === 'expired',
    )
    expect(row).toMatchObject({ status: 'failed', link: null, fullLink: null, error: null })
    await refusedEverywhere(bob, link)
    expect(await timeline(ann, connectionId)).toEqual(['made', 'expired'])
  })

  it('INV-9, PEN-5: is revoked at the next start where it passed meanwhile, and the row stays as it is', async () => {
    const { connectionId, link } = await ann.core.call('invitation.create', { name: 'Late' })
    const expiresAt = inMs(300)
    expect(await ann.core.call('connection.setExpiry', { connectionId, expiresAt })).toMatchObject({
      expiresAt,
      phase: 'unused',
    })
    await restart(ann, 'kill')
    const late = (): Promise<boolean> =>
      ann.core.call('connection.get', { connectionId }).then(({ phase }) => phase === 'expired')
    await until(late)
    await refusedEverywhere(bob, link)
    await restart(ann)
    expect(await late()).toBe(true)
    expect(await ann.core.call('connection.delete', { connectionId })).toEqual({ peerMayWait: false })
  })

  it('keeps no date that was taken back, and takes none in the past or for what is used', async () => {
    expect(await ann.core.refused('invitation.create', { expiresAt: inMs(-1_000) })).toMatchObject({
      code: 'INVALID_PARAMS',
      details: { path: 'expiresAt' },
    })
    const { connectionId, link } = await ann.core.call('invitation.create', { expiresAt: inMs(60_000) })
    expect(await ann.core.call('connection.setExpiry', { connectionId, expiresAt: null })).toMatchObject({
      expiresAt: null,
    })
    const cid = await person('Cid', [relay.address])
    await cid.core.call('connection.connect', { link })
    await contactNamed(ann, 'Cid')
    expect(
      await ann.core.refused('connection.setExpiry', { connectionId, expiresAt: inMs(1_000) }),
    ).toMatchObject({ code: 'NOT_READY' })
  })
})

describe('a link that somebody opens', () => {
  it('INV-13: is opened when its relay says so, over a restart, and completes as usual', async () => {
    const { connectionId, link } = await ann.core.call('invitation.create', {})
    const dora = await person('Dora', [relay.address])
    expect((await dora.core.call('connection.plan', { link })).status).toBe('new')
    const opened = await ann.core.call('connection.get', { connectionId })
    expect(opened).toMatchObject({ phase: 'opened', status: 'waiting', openedAlarm: false })
    expect(Date.parse(opened.openedAt ?? '')).toBeGreaterThan(Date.now() - 60_000)
    await restart(ann, 'kill')
    expect(await ann.core.call('connection.get', { connectionId })).toMatchObject({
      phase: 'opened',
      openedAt: opened.openedAt,
    })
    await dora.core.call('connection.connect', { link })
    await contactNamed(ann, 'Dora')
    expect(await timeline(ann, connectionId)).toEqual(['made', 'opened', 'keys-agreed', 'ready'])
  })

  it('PEN-5: the timeline of both sides tells what happened, also after a restart', async () => {
    const { connectionId, link } = await ann.core.call('invitation.create', {})
    await ann.core.call('connection.markShared', { connectionId })
    const eve = await person('Eve', [relay.address])
    const joined = await eve.core.call('connection.connect', { link })
    await contactNamed(ann, 'Eve')
    await contactNamed(eve, 'Ann')
    await restart(eve)
    expect(await timeline(ann, connectionId)).toEqual(['made', 'shared', 'keys-agreed', 'ready'])
    expect(await timeline(eve, joined.connectionId)).toEqual(['made', 'keys-agreed', 'ready'])
  })
})

describe('several links at once', () => {
  it('INV-11: have labels with numbers, a printable page, and each works once and by itself', async () => {
    const made = await ann.core.call('invitation.createMany', { count: 3, name: 'guest', once: 'batch' })
    expect(made.map(({ name }) => name)).toEqual(['guest 1', 'guest 2', 'guest 3'])
    expect(new Set(made.map(({ link }) => link)).size).toBe(3)
    expect(await ann.core.call('invitation.createMany', { count: 3, name: 'guest', once: 'batch' })).toEqual(
      made,
    )
    const rows = await ann.core.call('connection.list', {})
    expect(rows.filter(({ name }) => name?.startsWith('guest '))).toHaveLength(3)

    const connectionIds = made.map((one) => one.connectionId)
    const { dataUri } = await ann.core.call('link.image', { style: 'page', format: 'html', connectionIds })
    const html = Buffer.from(dataUri.split(',')[1]!, 'base64').toString()
    expect(html.match(/<svg/g)).toHaveLength(3)
    expect(html).toContain('guest 3')
    const png = await ann.core.call('link.image', { link: made[2]!.link, style: 'card', format: 'png' })
    expect(decoded(Buffer.from(png.dataUri.split(',')[1]!, 'base64')).text).toBe(made[2]!.link)

    const fay = await person('Fay', [relay.address])
    await fay.core.call('connection.connect', { link: made[1]!.link })
    expect(await contactNamed(ann, 'Fay')).toMatchObject({ localName: 'guest 2' })
    await refusedEverywhere(bob, made[1]!.link)
    expect((await bob.core.call('connection.plan', { link: made[0]!.link })).status).toBe('new')
  })

  it('INV-11: are all there or none: a silent relay leaves nothing behind', async () => {
    const before = (await ann.core.call('connection.list', {})).length
    expect(await ann.core.refused('invitation.createMany', { count: 51 })).toMatchObject({
      code: 'INVALID_PARAMS',
      details: { path: 'count' },
    })
    const nobody = relay.address.replace(/:\d+$/, ':9')
    expect(await ann.core.refused('invitation.createMany', { count: 2, relay: nobody })).toMatchObject({
      details: { retryable: true },
    })
    expect(await ann.core.call('connection.list', {})).toHaveLength(before)
    const many = await ann.core.call('invitation.createMany', { count: 50, incognito: true })
    expect(new Set(many.map(({ incognitoProfile }) => incognitoProfile?.displayName)).size).toBeGreaterThan(
      40,
    )
    expect(await ann.core.call('connection.list', {})).toHaveLength(before + 50)
  })
})
