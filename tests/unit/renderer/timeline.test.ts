import { describe, expect, it } from 'vitest'
import type { Message } from '#core/contract'
import { PrivateName, Timeline, Timelines, timelineItems } from '../../../renderer/state/index.ts'
import { aMessage } from './builders.ts'
import { ScriptedHost, refused, settle } from './scripted-host.ts'

function many(count: number): Message[] {
  return Array.from({ length: count }, (_, index) =>
    aMessage({ messageId: `m${String(index)}`, text: String(index) }),
  )
}

/** A core that has these messages. */
function aHost(all: Message[]): ScriptedHost {
  return new ScriptedHost().answer('chat.messages', ({ before, limit }) => {
    const end = before === undefined ? all.length : all.findIndex((message) => message.messageId === before)
    return all.slice(Math.max(0, end - (limit ?? 50)), end).toReversed()
  })
}

const texts = (timeline: Timeline): string[] => timeline.state.messages.map((message) => message.content.text)

describe('a timeline', () => {
  it('CHT-1: shows the newest page, oldest first, and reads back to the beginning without a gap or a repeat', async () => {
    const timeline = new Timeline(aHost(many(120)), { contactId: 'c1' })
    await timeline.load()
    expect(texts(timeline)).toEqual(Array.from({ length: 50 }, (_, index) => String(70 + index)))
    expect(timeline.state.complete).toBe(false)
    await timeline.loadEarlier()
    await timeline.loadEarlier()
    expect(texts(timeline)).toEqual(Array.from({ length: 120 }, (_, index) => String(index)))
    expect(timeline.state.complete).toBe(true)
  })

  it('has a message once that both a page and an event brought', async () => {
    const all = many(3)
    const host = aHost(all)
    const timeline = new Timeline(host, { contactId: 'c1' })
    const loading = timeline.load()
    host.emit({ event: 'message.received', data: aMessage({ messageId: 'm2', text: '2' }) })
    host.emit({ event: 'message.received', data: aMessage({ messageId: 'm3', text: '3' }) })
    await loading
    expect(texts(timeline)).toEqual(['0', '1', '2', '3'])
  })

  it('CHT-2: a mark changes in place and the order stays', async () => {
    const host = aHost(many(3))
    const timeline = new Timeline(host, { contactId: 'c1' })
    await timeline.load()
    host.emit({
      event: 'message.updated',
      data: aMessage({ messageId: 'm1', text: '1', status: 'delivered' }),
    })
    expect(timeline.state.messages.map((message) => message.status)).toEqual([
      'received',
      'delivered',
      'received',
    ])
    host.emit({ event: 'message.received', data: aMessage({ messageId: 'x', contactId: 'somebody else' }) })
    expect(timeline.state.messages).toHaveLength(3)
  })

  it('empties the field at once and gives the text back when it is refused', async () => {
    const host = aHost([])
    const timeline = new Timeline(host, { contactId: 'c1' })
    await timeline.load()
    timeline.setDraft('hello')
    const sending = timeline.send()
    expect(timeline.state.draft).toBe('')
    host.last('message.send').reject(refused('TOO_LARGE'))
    await sending
    expect(timeline.state).toMatchObject({ draft: 'hello', error: { code: 'TOO_LARGE' } })
  })

  it('sends nothing that is only spaces', async () => {
    const host = aHost([])
    const timeline = new Timeline(host, { contactId: 'c1' })
    timeline.setDraft('  \n ')
    await timeline.send()
    expect(host.count('message.send')).toBe(0)
  })

  it('CON-7: what was written to a joined link goes on under the contact, once and in order', async () => {
    const host = aHost([])
    const timeline = new Timeline(host, { connectionId: 'k1' })
    await timeline.load()
    const written = aMessage({
      messageId: 'w',
      text: 'first',
      direction: 'out',
      contactId: null,
      connectionId: 'k1',
    })
    host.answer('message.send', () => written)
    timeline.setDraft('first')
    await timeline.send()
    expect(host.last('message.send').params).toMatchObject({ connectionId: 'k1', text: 'first' })
    host.answer('chat.messages', () => [{ ...written, contactId: 'c1' }])
    timeline.retarget({ contactId: 'c1' })
    await settle()
    host.emit({ event: 'message.received', data: aMessage({ messageId: 'y', text: 'second' }) })
    expect(texts(timeline)).toEqual(['first', 'second'])
  })

  it('keeps what was read back when it reads again after a broken door', async () => {
    const all = many(80)
    const timeline = new Timeline(aHost(all), { contactId: 'c1' })
    await timeline.load()
    await timeline.loadEarlier()
    all.push(aMessage({ messageId: 'm80', text: '80' }))
    await timeline.load()
    expect(texts(timeline)).toEqual(Array.from({ length: 81 }, (_, index) => String(index)))
    expect(timeline.state.complete).toBe(true)
  })

  it('draws the line of new messages before the first that was unread', async () => {
    const timeline = new Timeline(aHost(many(5)), { contactId: 'c1' })
    await timeline.load(2)
    expect(timeline.state.firstUnread).toBe('m3')
  })

  it('keeps the draft of each chat', () => {
    const timelines = new Timelines(aHost([]))
    timelines.of('r1', { contactId: 'c1' }, 0).setDraft('half a sen')
    timelines.of('r2', { contactId: 'c2' }, 0)
    expect(timelines.of('r1', { contactId: 'c1' }, 0).state.draft).toBe('half a sen')
  })
})

describe('what a timeline draws', () => {
  const at = (time: string, change: Partial<Message> = {}): Message =>
    aMessage({ messageId: time, createdAt: `${time}.000Z`, ...change })

  it('groups one speaker within one minute and separates days', () => {
    const items = timelineItems(
      [
        at('2026-11-22T12:00:01'),
        at('2026-11-22T12:00:50'),
        at('2026-11-22T12:01:10'),
        at('2026-11-22T12:01:20', { direction: 'out' }),
        at('2026-11-24T12:00:00'),
      ],
      '2026-11-24T12:00:00',
    )
    const shape = items.map((item) => (item.type === 'message' ? (item.last ? 'last' : 'more') : item.type))
    expect(shape).toEqual(['day', 'more', 'last', 'last', 'last', 'day', 'unread', 'last'])
    expect(new Set(items.map((item) => item.key)).size).toBe(items.length)
  })
})

describe('a private name', () => {
  it('PEN-1: is saved on leaving the field, once, trimmed; emptied it is none', async () => {
    const saved: (string | null)[] = []
    const model = new PrivateName(null, (name) => Promise.resolve(void saved.push(name)))
    model.setValue(' Ludo ')
    await model.flush()
    await model.flush()
    model.setValue('')
    await model.flush()
    expect(saved).toEqual(['Ludo', null])
  })

  it('says why it could not be saved and saves it at the next try', async () => {
    let fail = true
    const model = new PrivateName('A', () => (fail ? Promise.reject(refused('STORE')) : Promise.resolve()))
    model.setValue('B')
    await model.flush()
    expect(model.state).toMatchObject({ value: 'B', error: { code: 'STORE' } })
    fail = false
    await model.flush()
    expect(model.state.error).toBeNull()
  })
})
