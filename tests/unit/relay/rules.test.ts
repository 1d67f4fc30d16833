import { describe, expect, test } from 'vitest'
import type { PublicKey } from '#core/crypto'
import type { CommandType } from '#core/protocol'
import { acknowledge, mayAttach } from '../../../core/relay/delivery-rules.ts'
import {
  admission,
  linkIsPublic,
  linkIsSpent,
  linkMayBecome,
  refusal,
  securing,
  senderMaySecure,
} from '../../../core/relay/queue-rules.ts'
import type { Queue } from '../../../core/relay/queue.ts'

const id = (byte: number): Uint8Array => new Uint8Array(24).fill(byte)
const key = (byte: number, algorithm: PublicKey['algorithm'] = 'ed25519'): PublicKey => ({
  algorithm,
  raw: new Uint8Array(32).fill(byte),
})

function aQueue(change: Partial<Queue> = {}): Queue {
  return {
    no: 1,
    rcvId: id(1),
    sndId: id(2),
    rcvKeys: [key(1)],
    rcvDhSecret: new Uint8Array(32),
    sndKey: null,
    mode: 'M',
    status: { tag: 'active' },
    notifier: null,
    usedDay: 0,
    ...change,
  }
}

describe('securing a queue', () => {
  test('the first key wins, the same again is a retry, another is refused', () => {
    expect(securing(aQueue(), key(7))).toBe('now')
    expect(securing(aQueue({ sndKey: key(7) }), key(7))).toBe('already')
    expect(securing(aQueue({ sndKey: key(7) }), key(8))).toBe('refused')
    expect(securing(aQueue({ sndKey: key(7) }), key(7, 'x25519'))).toBe('refused')
  })

  test('the sender may secure a messaging queue only', () => {
    expect(['M', 'C', null].map((mode) => senderMaySecure(aQueue({ mode: mode as Queue['mode'] })))).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('closed queues', () => {
  const commands: readonly CommandType[] = ['SUB', 'GET', 'ACK', 'KEY', 'SEND', 'LGET', 'OFF', 'DEL', 'NSUB']

  test('an active queue refuses nothing, a suspended one only SEND', () => {
    for (const command of commands) expect(refusal(aQueue(), command)).toBeNull()
    const off = aQueue({ status: { tag: 'off' } })
    expect(commands.filter((command) => refusal(off, command))).toEqual(['SEND'])
    expect(refusal(off, 'SEND')).toEqual({ type: 'AUTH' })
  })

  test('a blocked queue still obeys OFF, DEL and NSUB', () => {
    const blocked = aQueue({ status: { tag: 'blocked', reason: 'spam', notice: { ttl: 60 } } })
    expect(commands.filter((command) => !refusal(blocked, command))).toEqual(['OFF', 'DEL', 'NSUB'])
    expect(refusal(blocked, 'SUB')).toEqual({ type: 'BLOCKED', reason: 'spam', notice: { ttl: 60 } })
  })
})

describe('the quota', () => {
  test('so many are stored, one more is marked, then nothing until the queue is empty', () => {
    const quota = 2
    expect(admission({ size: 0, lastSeq: 9, marked: false }, quota)).toBe('store')
    expect(admission({ size: 1, lastSeq: 9, marked: false }, quota)).toBe('store')
    expect(admission({ size: 2, lastSeq: 9, marked: false }, quota)).toBe('mark')
    expect(admission({ size: 3, lastSeq: 9, marked: true }, quota)).toBe('full')
    expect(admission({ size: 1, lastSeq: 9, marked: true }, quota)).toBe('full')
  })
})

describe('link data', () => {
  const link = { linkId: id(5), fixed: id(6), user: id(7) }

  test('a secured queue that is no contact address has spent its link', () => {
    expect(linkIsSpent(aQueue())).toBe(false)
    expect(linkIsSpent(aQueue({ sndKey: key(1) }))).toBe(true)
    expect(linkIsSpent(aQueue({ sndKey: key(1), mode: null }))).toBe(true)
    expect(linkIsSpent(aQueue({ sndKey: key(1), mode: 'C' }))).toBe(false)
  })

  test('everybody may read the link of an address, or of an unsecured queue without a mode', () => {
    expect(linkIsPublic(aQueue({ mode: 'C' }))).toBe(true)
    expect(linkIsPublic(aQueue({ mode: null }))).toBe(true)
    expect(linkIsPublic(aQueue({ mode: null, sndKey: key(1) }))).toBe(false)
    expect(linkIsPublic(aQueue())).toBe(false)
  })

  test('only the user data may change', () => {
    expect(linkMayBecome(aQueue(), null, link)).toBe(true)
    expect(linkMayBecome(aQueue(), link, { ...link, user: id(9) })).toBe(true)
    expect(linkMayBecome(aQueue(), link, { ...link, fixed: id(9) })).toBe(false)
    expect(linkMayBecome(aQueue(), link, { ...link, linkId: id(9) })).toBe(false)
    expect(linkMayBecome(aQueue({ sndKey: key(1) }), link, link)).toBe(false)
  })
})

describe('delivery to one connection', () => {
  test('nothing outstanding, or another id: NO_MSG', () => {
    const nothing = { tag: 'nothing-outstanding' }
    expect(acknowledge(undefined, 'a')).toEqual(nothing)
    expect(acknowledge({ kind: 'SUB', delivered: null }, 'a')).toEqual(nothing)
    expect(acknowledge({ kind: 'SUB', delivered: 'b' }, 'a')).toEqual(nothing)
  })

  test('what was delivered is acknowledged; a subscriber gets the next one', () => {
    const sub = { kind: 'SUB', delivered: 'a' } as const
    expect(acknowledge(sub, 'a')).toEqual({ tag: 'acknowledged', wantsNext: true })
    const get = { kind: 'GET', delivered: 'a' } as const
    expect(acknowledge(get, 'a')).toEqual({ tag: 'acknowledged', wantsNext: false })
  })

  test('an empty id is accepted', () => {
    const sub = { kind: 'SUB', delivered: 'a' } as const
    expect(acknowledge(sub, '')).toEqual({ tag: 'acknowledged', wantsNext: true })
  })

  test('a connection subscribes or polls, not both', () => {
    expect(mayAttach(undefined, 'SUB')).toBe(true)
    expect(mayAttach({ kind: 'SUB', delivered: null }, 'SUB')).toBe(true)
    expect(mayAttach({ kind: 'SUB', delivered: null }, 'GET')).toBe(false)
    expect(mayAttach({ kind: 'GET', delivered: null }, 'SUB')).toBe(false)
  })
})
