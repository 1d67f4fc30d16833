import { afterAll, describe, expect, it } from 'vitest'
import { connectPeople, person, restart } from '../tools/people.ts'
import { endAll, Headless, portOf, startHeadless, startRelay, tempDir, until } from '../tools/programs.ts'

afterAll(endAll)

describe('who can use a link', () => {
  it('is said of rows, addresses and relays; a link that names the relay at another place, or switched off, is stale', async () => {
    const ann = await person('Ann')
    const { connectionId } = await ann.core.call('invitation.create', {})
    const address = await ann.core.call('address.create', {})
    const row = () => ann.core.call('connection.get', { connectionId })
    expect(await row()).toMatchObject({ reach: 'this-computer', stale: null })
    expect(address).toMatchObject({ reach: 'this-computer', stale: null })
    expect(await ann.core.call('relay.list', {})).toMatchObject([{ reach: 'this-computer', page: false }])

    const open = await ann.core.call('network.update', { embedded: { reachableFrom: 'local-network' } })
    const isElsewhere = !open.embedded.address!.includes('@127.0.0.1:')
    const expected = { reach: 'this-computer', stale: isElsewhere ? 'moved' : null }
    expect(await row()).toMatchObject(expected)
    expect(await ann.core.call('address.get', {})).toMatchObject(expected)
    await ann.core.call('network.update', { embedded: { reachableFrom: 'this-computer' } })
    expect(await row()).toMatchObject({ stale: null })

    await ann.core.call('network.update', { embedded: { on: false } })
    expect(await row()).toMatchObject({ stale: 'off' })
    expect((await ann.core.call('network.get', {})).embedded).toMatchObject({ on: false, inUse: true })
    await restart(ann)
    expect(await row()).toMatchObject({ reach: 'this-computer', stale: 'off' })
  })
})

describe('the relay of this computer', () => {
  it('goes on serving its own installation when its address in the network is another one', async () => {
    const ann = await person('Ann')
    const bob = await person('Bob')
    await ann.core.call('network.update', { embedded: { reachableFrom: 'local-network' } })
    const { joinersContact } = await connectPeople(ann, bob)
    // her queue names the address in the local network, at which nobody listens any more
    const place = (await ann.core.call('relay.list', {}))[0]!.address
    const before = ann.core.events.length
    const near = await ann.core.call('network.update', { embedded: { reachableFrom: 'this-computer' } })
    expect(near.embedded.address).toContain('@127.0.0.1:')
    await until(() => {
      const states = ann.core.events.slice(before).filter(({ event }) => event === 'relay.status')
      const online = states.map(({ data }) => data as { address: string; state: string })
      const isBack = online.some(({ address, state }) => address === place && state === 'online')
      return Promise.resolve(isBack || undefined)
    })
    // and when it is opened again, what was written to her meanwhile is there
    await ann.core.call('network.update', { embedded: { reachableFrom: 'local-network' } })
    await bob.core.call('message.send', { contactId: joinersContact.contactId, text: 'still there?' })
    await until(async () => {
      const [contact] = await ann.core.call('contact.list', {})
      return contact?.lastMessage?.content.text === 'still there?' ? true : undefined
    })
  })
})

describe('what was chosen of relays stays chosen', () => {
  it('a relay of the command line that was accepted is there at a start without it, and no relay of this computer', async () => {
    const relay = await startRelay()
    const dataDir = tempDir()
    let core = await startHeadless(dataDir, [relay.address])
    await core.call('profile.create', { displayName: 'Ann' })
    const [listed] = await core.call('relay.list', {})
    await core.call('relay.add', { address: listed!.address })
    await core.call('network.update', { choice: 'own' })
    await core.stop()
    core = await startHeadless(dataDir)
    expect(await core.call('network.get', {})).toMatchObject({
      choice: 'own',
      chosen: true,
      embedded: { on: false },
    })
    expect(await core.call('relay.list', {})).toMatchObject([{ address: listed!.address, enabled: true }])
    expect((await core.call('invitation.create', {})).link).toContain(`p=${relay.port}`)
    await core.stop()
  })

  it('the relay of this computer goes off with another choice, unless something lives on it, and comes back with its own', async () => {
    const core = await startHeadless(tempDir())
    await core.call('profile.create', { displayName: 'Ann' })
    expect(await core.call('network.get', {})).toMatchObject({
      chosen: false,
      embedded: { on: true, inUse: false },
    })
    expect(await core.call('network.update', { choice: 'own' })).toMatchObject({ embedded: { on: false } })
    const back = await core.call('network.update', { choice: 'embedded' })
    expect(back).toMatchObject({ chosen: true, embedded: { on: true } })
    const { connectionId } = await core.call('invitation.create', {})
    const kept = await core.call('network.update', { choice: 'own' })
    expect(kept.embedded).toMatchObject({ on: true, inUse: true })
    await core.call('connection.delete', { connectionId })
    await until(async () => ((await core.call('network.get', {})).embedded.inUse ? undefined : true))
    // nothing is left there: from the next start on it is off
    const dataDir = (await core.call('app.get', {})).dataDir
    await core.stop()
    const again = new Headless({ dataDir, relays: [] })
    expect((await again.call('network.get', {})).embedded).toMatchObject({ on: false })
    await again.stop()
  })

  it('one that a person switched on for others stays on whatever is chosen', async () => {
    const core = await startHeadless(tempDir())
    await core.call('network.update', { choice: 'own', embedded: { on: true } })
    expect((await core.call('network.update', { choice: 'preset' })).embedded).toMatchObject({ on: true })
    await core.stop()
  })

  it('a password that is given later is taken', async () => {
    const core = await startHeadless(tempDir())
    const address = `smp://${'A'.repeat(43)}=@127.0.0.1:1`
    await core.call('relay.add', { address })
    expect((await core.refused('relay.add', { address })).code).toBe('ALREADY_EXISTS')
    expect(await core.call('relay.add', { address: address.replace('@', ':secret@') })).toEqual({})
    expect(await core.call('relay.list', {})).toHaveLength(2)
    await core.stop()
  })
})

describe('relays in no list of ours', () => {
  it('that contacts live on are known, and one that was only looked at counts for nothing', async () => {
    const [mine, theirs, strange] = [await startRelay(), await startRelay(), await startRelay()]
    const ann = await person('Ann', [mine.address])
    const bob = await person('Bob', [theirs.address])
    const eve = await person('Eve', [strange.address])
    const more = await bob.core.call('invitation.create', {})
    const asked = { link: more.link, askUnknownRelay: true } as const
    expect((await ann.core.refused('connection.plan', asked)).code).toBe('RELAY_UNKNOWN')
    await connectPeople(bob, ann)
    expect(await ann.core.call('connection.plan', asked)).toMatchObject({
      knownRelay: true,
      warnings: ['port'],
    })

    // a link is looked at, its relay is gone, and nobody wants anything of it
    const { link } = await eve.core.call('invitation.create', {})
    await strange.program.kill()
    expect((await ann.core.refused('connection.plan', { link })).code).toBe('RELAY_UNREACHABLE')
    expect(await ann.core.call('network.get', {})).toMatchObject({ state: 'online', silent: [] })

    // her own relay is gone: it is named, with what is there
    await mine.program.kill()
    const silent = await until(async () => {
      const network = await ann.core.call('network.get', {})
      return network.silent.length > 0 ? network : undefined
    })
    expect(silent.silent).toMatchObject([{ embedded: false, queues: 1 }])
    expect(portOf(silent.silent[0]!.address)).toBe(mine.port)
    // the last thing that needs it goes: so does it
    const [contact] = await ann.core.call('contact.list', {})
    await ann.core.call('contact.delete', { contactId: contact!.contactId, notify: false })
    await until(async () => ((await ann.core.call('network.get', {})).silent.length === 0 ? true : undefined))
  })
})
