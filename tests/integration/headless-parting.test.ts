import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contact } from '#core/contract'
import {
  allDelivered,
  connectPeople,
  history,
  type Person,
  person,
  receivedTexts,
  restart,
} from '../tools/people.ts'
import { endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'

let relay: RunningRelay

beforeAll(async () => {
  relay = await startRelay()
})
afterAll(endAll)

/** Two people who have written to each other. */
async function pair(): Promise<{ ann: Person; bob: Person; annsBob: Contact; bobsAnn: Contact }> {
  const [ann, bob] = await Promise.all([person('Ann', [relay.address]), person('Bob', [relay.address])])
  const { creatorsContact: annsBob, joinersContact: bobsAnn } = await connectPeople(ann, bob)
  await ann.core.call('message.send', { contactId: annsBob.contactId, text: 'hello' })
  await bob.core.call('message.send', { contactId: bobsAnn.contactId, text: 'and to you' })
  await until(async () => (await receivedTexts(ann, annsBob.contactId)).length === 1)
  await allDelivered(ann, annsBob.contactId, 1)
  await allDelivered(bob, bobsAnn.contactId, 1)
  return { ann, bob, annsBob, bobsAnn }
}

const statusOf = async (who: Person, contactId: string): Promise<string> =>
  (await who.core.call('contact.get', { contactId })).status

describe('INF-4: the four ways to delete a contact', () => {
  for (const keepChat of [true, false])
    for (const notify of [true, false])
      it(`${keepChat ? 'keeps' : 'deletes'} the chat and ${notify ? 'tells' : 'does not tell'} them`, async () => {
        const { ann, bob, annsBob, bobsAnn } = await pair()
        const { contactId } = annsBob
        const before = await history(ann, contactId)
        await ann.core.call('contact.delete', { contactId, notify, keepChat })

        const check = async (): Promise<void> => {
          if (!keepChat) return expect(await ann.core.call('contact.list', {})).toEqual([])
          expect(await statusOf(ann, contactId)).toBe('deleted')
          expect(await history(ann, contactId)).toEqual(before)
          const refused = await ann.core.refused('message.send', { contactId, text: 'still there?' })
          expect(refused.code).toBe('NOT_READY')
          expect(refused.message).toContain('You have deleted this contact')
        }
        await check()
        if (notify) {
          await until(async () => (await statusOf(bob, bobsAnn.contactId)) === 'deleted-by-peer')
        } else {
          // His next word finds no queue: that is how he learns of it.
          const sent = await bob.core.call('message.send', {
            contactId: bobsAnn.contactId,
            text: 'are you there?',
          })
          await until(async () => {
            const messages = await bob.core.call('chat.messages', { contactId: bobsAnn.contactId })
            return messages.find(({ messageId }) => messageId === sent.messageId)?.status === 'failed'
          })
          expect(await statusOf(bob, bobsAnn.contactId)).toBe('active')
        }
        await restart(ann)
        await check()
        expect((await receivedTexts(bob, bobsAnn.contactId)).length).toBe(1)
        await Promise.all([ann.core.stop(), bob.core.stop()])
      })

  it('what waited for a relay that was away still goes out before the farewell, and the kept chat says so', async () => {
    const { ann, bob, annsBob, bobsAnn } = await pair()
    const { contactId } = annsBob
    await relay.program.stop()
    const { messageId } = await ann.core.call('message.send', { contactId, text: 'one last word' })
    await ann.core.call('contact.delete', { contactId, notify: true, keepChat: true })
    expect(await statusOf(ann, contactId)).toBe('deleted')
    relay = await startRelay({ dataDir: relay.dataDir, port: relay.port })
    await until(async () => (await statusOf(bob, bobsAnn.contactId)) === 'deleted-by-peer')
    expect(await receivedTexts(bob, bobsAnn.contactId)).toContain('one last word')
    await until(async () => {
      const messages = await ann.core.call('chat.messages', { contactId })
      return messages.find((one) => one.messageId === messageId)?.status === 'sent'
    })
  })
})
