import { afterAll, describe, expect, it } from 'vitest'
import { contactNamed, history, person } from '../tools/people.ts'
import { endAll, startRelay, until } from '../tools/programs.ts'

afterAll(endAll)

describe('ticks', () => {
  it('of a message with a request and of the welcome are told when they change, and say the same in list and chat', async () => {
    const relay = await startRelay()
    const [ann, bob] = [await person('Ann', [relay.address]), await person('Bob', [relay.address])]
    const { link, addressId } = await ann.core.call('address.create', {})
    await ann.core.call('address.update', { addressId, welcomeMessage: 'Welcome!' })
    await bob.core.call('connection.connect', { link, message: 'It is Bob' })
    const request = await until(async () => (await ann.core.call('request.list', {}))[0])
    await ann.core.call('request.accept', { requestId: request.requestId })
    const [annsBob, bobsAnn] = [await contactNamed(ann, 'Bob'), await contactNamed(bob, 'Ann')]

    const asked = (await history(bob, bobsAnn.contactId)).find(({ direction }) => direction === 'out')
    expect(asked).toMatchObject({ content: { text: 'It is Bob' }, status: 'delivered' })
    const told = bob.core.events.filter(
      ({ event, data }) =>
        event === 'message.updated' && (data as { messageId: string }).messageId === asked?.messageId,
    )
    expect(told.at(-1)?.data).toMatchObject({ status: 'delivered' })

    const welcome = await until(async () =>
      (await history(ann, annsBob.contactId)).find(
        ({ direction, status }) => direction === 'out' && status === 'delivered',
      ),
    )
    expect(welcome.content.text).toBe('Welcome!')
  })

  it('REQ-1: an acceptance that a rejection overtakes is not called a withdrawal', async () => {
    const relay = await startRelay()
    const [ann, bob] = [await person('Ann', [relay.address]), await person('Bob', [relay.address])]
    const { link } = await ann.core.call('address.create', {})
    await bob.core.call('connection.connect', { link })
    const { requestId } = await until(async () => (await ann.core.call('request.list', {}))[0])
    const accepted = ann.core.call('request.accept', { requestId }).catch((error: unknown) => error)
    const rejected = ann.core.call('request.reject', { requestId }).catch((error: unknown) => error)
    const [one] = await Promise.all([accepted, rejected])
    const contacts = await ann.core.call('contact.list', {})
    if (one instanceof Error) {
      expect(one.message).toContain('rejected here meanwhile')
      expect(contacts).toEqual([])
    } else await contactNamed(ann, 'Bob')
  })
})
