import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { allDelivered, connectPeople, person, receivedTexts, restart } from '../tools/people.ts'
import { endAll, portOf, until } from '../tools/programs.ts'

afterAll(endAll)

describe('the relay of this computer', () => {
  it('whose folder is gone is not begun anew in silence: links name the old one', async () => {
    const ann = await person('Ann')
    await ann.core.call('network.update', { choice: 'embedded', embedded: { on: true } })
    await ann.core.call('invitation.create', {})
    const before = (await ann.core.call('network.get', {})).embedded.address
    await ann.core.stop()
    rmSync(join(ann.dataDir, 'relay'), { recursive: true })
    await restart(ann)
    expect((await ann.core.call('network.get', {})).embedded).toMatchObject({
      on: false,
      trouble: { reason: 'lost' },
    })
    const now = await ann.core.call('network.update', { embedded: { on: true } })
    expect(now.embedded).toMatchObject({ on: true, trouble: null })
    expect(now.embedded.address).not.toBe(before)
  })

  it('whose port another program has is named with it, everything else goes on, and it comes back by itself', async () => {
    const ann = await person('Ann')
    const bob = await person('Bob')
    await Promise.all(
      [ann, bob].map((one) =>
        one.core.call('network.update', { choice: 'embedded', embedded: { on: true } }),
      ),
    )
    const { creatorsContact, joinersContact } = await connectPeople(ann, bob)
    const { address } = (await ann.core.call('network.get', {})).embedded
    const port = portOf(address!)
    await ann.core.stop()
    const other = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))

    await restart(ann)
    const blocked = await ann.core.call('network.get', {})
    expect(blocked.embedded).toMatchObject({ on: false, trouble: { reason: 'port-taken', port } })
    // Whoever receives elsewhere is still written to.
    await ann.core.call('message.send', { contactId: creatorsContact.contactId, text: 'from here it goes' })
    await until(async () =>
      (await receivedTexts(bob, joinersContact.contactId)).includes('from here it goes') ? true : undefined,
    )
    await bob.core.call('message.send', {
      contactId: joinersContact.contactId,
      text: 'kept until it is back',
    })

    await new Promise((resolve) => other.close(resolve))
    await until(async () => (await ann.core.call('network.get', {})).embedded.on || undefined)
    expect((await ann.core.call('network.get', {})).embedded).toMatchObject({ address, trouble: null })
    await allDelivered(bob, joinersContact.contactId, 1)
    expect(await receivedTexts(ann, creatorsContact.contactId)).toEqual(['kept until it is back'])
  })
})
