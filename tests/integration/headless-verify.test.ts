import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contact } from '#core/contract'
import { connectPeople, contactNamed, type Person, person, receivedTexts, restart } from '../tools/people.ts'
import { endAll, type RunningRelay, startRelay, until } from '../tools/programs.ts'

let relay: RunningRelay

beforeAll(async () => {
  relay = await startRelay()
})
afterAll(endAll)

const codeOf = (who: Person, { contactId }: Contact) => who.core.call('contact.securityCode', { contactId })

describe('people whose links nobody touched', () => {
  let ann: Person
  let bob: Person
  let annsBob: Contact
  let bobsAnn: Contact

  beforeAll(async () => {
    ;[ann, bob] = await Promise.all([person('Ann', [relay.address]), person('Bob', [relay.address])])
    ;({ creatorsContact: annsBob, joinersContact: bobsAnn } = await connectPeople(ann, bob))
  })

  it('VER-1, VER-9: both see the same code, digits and words; another pair sees another', async () => {
    const [anns, bobs] = await Promise.all([codeOf(ann, annsBob), codeOf(bob, bobsAnn)])
    expect(anns).toEqual(bobs)
    expect(anns).toMatchObject({ qr: anns.code, state: 'unverified', verifiedAt: null })
    expect(anns.code).toMatch(/^\d{5}( \d{5}){13,14}( \d{1,5})?$/)
    expect(anns.words).toHaveLength(24)

    const carol = await person('Carol', [relay.address])
    const { creatorsContact, joinersContact } = await connectPeople(carol, ann)
    const [carols, annsOther] = await Promise.all([
      codeOf(carol, creatorsContact),
      codeOf(ann, joinersContact),
    ])
    expect(carols).toEqual(annsOther)
    expect(carols.code).not.toBe(anns.code)
    expect(carols.words).not.toEqual(anns.words)

    const { contactId } = annsBob
    const wrong = await ann.core.call('contact.verify', { contactId, code: carols.code, how: 'scan' })
    expect(wrong).toEqual({ matches: false, verifiedAt: null, reason: 'different' })
    expect((await ann.core.call('contact.get', { contactId })).verifiedAt).toBeNull()
    await carol.core.stop()
  })

  it('VER-4, VER-5: a match marks this side alone, with date and manner, and survives a restart and a kill', async () => {
    const { code } = await codeOf(bob, bobsAnn)
    const { contactId } = annsBob
    const short = await ann.core.call('contact.verify', { contactId, code: code.slice(0, 60), how: 'paste' })
    expect(short).toEqual({ matches: false, verifiedAt: null, reason: 'incomplete' })
    const noCode = await ann.core.call('contact.verify', { contactId, code: 'tomatoes', how: 'paste' })
    expect(noCode.reason).toBe('not-a-code')

    const wrapped = ` ${code.replaceAll(' ', '').replace(/(\d{7})/g, '$1\r\n')}`
    const done = await ann.core.call('contact.verify', { contactId, code: wrapped, how: 'paste' })
    expect(done).toMatchObject({ matches: true, reason: null })
    for (const how of ['stop', 'kill'] as const) {
      await restart(ann, how)
      expect(await ann.core.call('contact.get', { contactId })).toMatchObject({
        verifiedAt: done.verifiedAt,
        verifiedHow: 'paste',
        codeChangedAt: null,
      })
      expect(await codeOf(ann, annsBob)).toMatchObject({ state: 'verified', verifiedAt: done.verifiedAt })
    }
    expect((await codeOf(bob, bobsAnn)).state).toBe('unverified')

    const cleared = await ann.core.call('contact.verify', { contactId, code: null })
    expect(cleared).toEqual({ matches: false, verifiedAt: null, reason: null })
    expect((await codeOf(ann, annsBob)).state).toBe('unverified')
  })

  it('VER-6: held messages wait for the comparison, through a restart, and then arrive in order', async () => {
    const { contactId } = annsBob
    await ann.core.call('contact.update', { contactId, holdUntilVerified: true })
    for (const text of ['one', 'two']) {
      const message = await ann.core.call('message.send', { contactId, text })
      expect(message).toMatchObject({ status: 'sending', waits: 'verification' })
    }
    await restart(ann)
    const held = await ann.core.call('chat.messages', { contactId })
    expect(held.map(({ waits }) => waits)).toEqual(['verification', 'verification'])
    const { code } = await codeOf(bob, bobsAnn)
    await ann.core.call('contact.verify', { contactId, code, how: 'hand' })
    const got = await until(async () => {
      const texts = await receivedTexts(bob, bobsAnn.contactId)
      return texts.length === 2 ? texts : undefined
    })
    expect(got).toEqual(['one', 'two'])
  })

  it('takes nothing that is not whole yet, and knows nobody who is not there', async () => {
    const { contactId } = annsBob
    for (const later of [{ muted: 'yes' }, { pinned: 1 }, { note: 'x' }, { preferences: {} }]) {
      const refused = await ann.core.refused('contact.update', { contactId, ...later })
      expect(refused).toMatchObject({ code: 'INVALID_PARAMS', details: { path: Object.keys(later)[0] } })
    }
    for (const method of ['contact.securityCode', 'contact.update'])
      expect((await ann.core.refused(method, { contactId: 'x' })).code).toBe('NOT_FOUND')
    expect((await ann.core.refused('contact.verify', { contactId: 'x', code: '1' })).code).toBe('NOT_FOUND')
  })
})

it('VER-7: with a man in the middle the chats work, and the codes differ', async () => {
  const people = ['Ann', 'Bob'].map((name) => person(name, [relay.address]))
  // Whoever could replace the link is Bob to Ann and Ann to Bob.
  const halves = ['Bob', 'Ann'].map((name) => person(name, [relay.address]))
  const [ann, bob, toAnn, toBob] = (await Promise.all([...people, ...halves])) as [
    Person,
    Person,
    Person,
    Person,
  ]

  const { link } = await ann.core.call('invitation.create', {})
  await toAnn.core.call('connection.connect', { link })
  const swapped = (await toBob.core.call('invitation.create', {})).link
  expect(swapped).not.toBe(link)
  await bob.core.call('connection.connect', { link: swapped })

  const [annsBob, bobsAnn, hisAnn, hisBob] = await Promise.all([
    contactNamed(ann, 'Bob'),
    contactNamed(bob, 'Ann'),
    contactNamed(toAnn, 'Ann'),
    contactNamed(toBob, 'Bob'),
  ])
  const passOn = async (from: Person, read: Contact, to: Person, write: Contact): Promise<void> => {
    const [text] = await until(async () => {
      const texts = await receivedTexts(from, read.contactId)
      return texts.length > 0 ? texts : undefined
    })
    await to.core.call('message.send', { contactId: write.contactId, text: text! })
  }
  await ann.core.call('message.send', { contactId: annsBob.contactId, text: 'Is that you, Bob?' })
  await passOn(toAnn, hisAnn, toBob, hisBob)
  await bob.core.call('message.send', { contactId: bobsAnn.contactId, text: 'Sure, Ann.' })
  await passOn(toBob, hisBob, toAnn, hisAnn)
  await until(async () => {
    const [bobs, anns] = await Promise.all([
      receivedTexts(bob, bobsAnn.contactId),
      receivedTexts(ann, annsBob.contactId),
    ])
    return bobs[0] === 'Is that you, Bob?' && anns[0] === 'Sure, Ann.'
  })

  const [anns, bobs] = await Promise.all([codeOf(ann, annsBob), codeOf(bob, bobsAnn)])
  expect(anns.code).not.toBe(bobs.code)
  expect(anns.words).not.toEqual(bobs.words)
  const { contactId } = annsBob
  const compared = await ann.core.call('contact.verify', { contactId, code: bobs.code, how: 'scan' })
  expect(compared).toEqual({ matches: false, verifiedAt: null, reason: 'different' })
  // He sees exactly what each of them sees, and can make neither equal to the other.
  expect((await codeOf(toAnn, hisAnn)).code).toBe(anns.code)
  expect((await codeOf(toBob, hisBob)).code).toBe(bobs.code)
})
