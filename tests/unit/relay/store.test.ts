import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type RelayStore, openRelayStore } from '../../../core/relay/store/database.ts'
import { migrate } from '../../../core/relay/store/schema.ts'

const id = (byte: number): Uint8Array => new Uint8Array(24).fill(byte)
let dir: string
let store: RelayStore

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'duplex-relay-store-'))
  store = openRelayStore(join(dir, 'relay.db'), 0)
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true, force: true })
})

function aQueue(byte: number): number {
  return store.queues.insert({
    rcvId: id(byte),
    sndId: id(byte + 100),
    rcvKeys: [{ algorithm: 'ed25519', raw: new Uint8Array(32).fill(byte) }],
    rcvDhSecret: new Uint8Array(32),
    mode: 'M',
    notifier: null,
    usedDay: 0,
  })
}

function append(queueNo: number, byte: number, sentAt = 0, kind: 'message' | 'quota' = 'message'): void {
  const seq = store.messages.fifo(queueNo).lastSeq + 1
  store.messages.append(queueNo, { seq, msgId: id(byte), sentAt, kind, notify: false, body: id(byte) })
}

describe("the relay's own store", () => {
  test('a queue comes back by each of its ids as it went in', () => {
    const no = aQueue(1)
    const queue = store.queues.byRcvId(id(1))!
    expect(queue).toEqual(store.queues.bySndId(id(101)))
    expect(queue).toMatchObject({ no, mode: 'M', sndKey: null, status: { tag: 'active' }, notifier: null })
    expect(queue.rcvKeys).toHaveLength(1)
    expect(store.queues.byRcvId(id(101))).toBeNull()
  })

  test('messages leave in the order in which they came, and the fifo knows its size and its marker', () => {
    const no = aQueue(1)
    expect(store.messages.fifo(no)).toEqual({ size: 0, lastSeq: 0, marked: false })
    append(no, 1)
    append(no, 2)
    append(no, 3, 0, 'quota')
    expect(store.messages.fifo(no)).toEqual({ size: 3, lastSeq: 3, marked: true })
    const { msgId } = store.messages.head(no)!
    expect(store.messages.removeHead(no, id(99))).toBe(false)
    expect(store.messages.removeHead(no, new Uint8Array(0))).toBe(false)
    expect(store.messages.removeHead(no, msgId)).toBe(true)
    expect(store.messages.fifo(no)).toEqual({ size: 2, lastSeq: 3, marked: true })
    expect(store.messages.head(no)?.msgId[0]).toBe(2)
  })

  test('expiry takes from the head only, and stops at a young one or the marker', () => {
    const young = aQueue(1)
    append(young, 1, 10)
    append(young, 2, 99)
    append(young, 3, 10)
    expect(store.messages.expireHead(young, 50)).toBe(1)
    const marked = aQueue(2)
    append(marked, 1, 10)
    append(marked, 2, 10, 'quota')
    expect(store.messages.expireHead(marked, 50)).toBe(1)
    expect(store.messages.fifo(marked).size).toBe(1)
  })

  test('deleting a queue takes everything with it, and its number is not used again', () => {
    const no = aQueue(1)
    append(no, 1)
    store.links.put(no, { linkId: id(9), fixed: id(1), user: id(2) })
    store.notices.add(no, { nonce: id(1), meta: id(2) }, 0, 10)
    store.queues.remove(no)
    expect(store.messages.head(no)).toBeNull()
    expect(store.links.owner(id(9))).toBeNull()
    expect(store.notices.take(no)).toEqual([])
    expect(aQueue(2)).toBeGreaterThan(no)
  })

  test('a part that fails is undone alone; a transaction that fails is undone whole', () => {
    store.transaction(() => {
      aQueue(1)
      expect(() =>
        store.part(() => {
          aQueue(2)
          aQueue(1)
        }),
      ).toThrow('database')
    })
    expect([1, 2].map((byte) => store.queues.byRcvId(id(byte)) !== null)).toEqual([true, false])
    expect(() =>
      store.transaction(() => {
        aQueue(3)
        throw new Error('planted')
      }),
    ).toThrow('planted')
    expect(store.queues.byRcvId(id(3))).toBeNull()
    expect(store.queues.count()).toBe(1)
  })

  test('what is remembered of a queue is what is on disk, also after something was undone', () => {
    const no = aQueue(1)
    const same = (): void => {
      const told = [store.queues.known(no), store.messages.fifo(no), store.messages.head(no)]
      store.forget()
      expect(told).toEqual([store.queues.byNo(no), store.messages.fifo(no), store.messages.head(no)])
    }
    const key = { algorithm: 'ed25519', raw: new Uint8Array(32).fill(7) } as const
    for (const change of [
      () => append(no, 1),
      () => append(no, 2, 0, 'quota'),
      () => store.messages.removeHead(no, id(1)),
      () => store.messages.removeHead(no, id(2)),
      () => append(no, 3, 5),
      () => append(no, 4, 50),
      () => store.messages.expireHead(no, 10),
      () => store.queues.secure(no, key),
      () => store.queues.replaceRecipientKeys(no, [key]),
      () => store.queues.setNotifier(no, { id: id(3), key, dhSecret: id(4) }),
      () => store.queues.touch(no, 9),
      () => store.queues.setBlocked(no, { reason: 'spam', notice: { ttl: 5 } }),
      () => store.queues.setBlocked(no, null),
      () => store.queues.suspend(no),
    ]) {
      store.queues.known(no)
      store.messages.fifo(no)
      change()
      same()
    }
    for (const undone of [store.part.bind(store), store.transaction.bind(store)]) {
      const attempt = (): void =>
        undone(() => {
          store.queues.known(no)
          store.messages.fifo(no)
          append(no, 5)
          store.queues.touch(no, 10)
          store.queues.known(no)
          store.links.remove(no)
          throw new Error('planted')
        })
      expect(attempt).toThrow('planted')
      same()
    }
    store.queues.remove(no)
    expect(store.queues.known(no)).toBeNull()
  })

  test('a link that was put back, or whose removal was undone, is there to be removed', () => {
    const no = aQueue(1)
    const link = { linkId: id(9), fixed: id(1), user: id(2) }
    store.links.remove(no)
    store.links.put(no, link)
    const attempt = (): void =>
      store.transaction(() => {
        store.links.remove(no)
        throw new Error('planted')
      })
    expect(attempt).toThrow('planted')
    expect(store.links.get(no)).not.toBeNull()
    store.links.remove(no)
    expect(store.links.get(no)).toBeNull()
  })

  test('every commit reaches the disk', () => {
    store.close()
    const db = new Database(join(dir, 'relay.db'), { readonly: true })
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    db.close()
    store = openRelayStore(join(dir, 'relay.db'), 0)
    expect(store.settings()).toEqual({ synchronous: 2, secure_delete: 1, foreign_keys: 1 })
  })

  test('what a command asks for is found by an index', () => {
    const db = new Database(':memory:')
    migrate(db, 0)
    const queries = [
      'SELECT * FROM queue WHERE rcv_id = ?',
      'SELECT * FROM queue WHERE snd_id = ?',
      'SELECT * FROM queue WHERE ntf_id = ?',
      'SELECT queue.* FROM link JOIN queue USING (queue_no) WHERE link.link_id = ?',
      'SELECT message_no FROM message WHERE queue_no = ? ORDER BY seq LIMIT 1',
      'SELECT message_no FROM message WHERE queue_no = ? ORDER BY seq DESC LIMIT 1',
      'SELECT message_no FROM message WHERE message_no > ? ORDER BY message_no LIMIT 1',
      'SELECT nonce FROM notice WHERE queue_no = ? ORDER BY notice_no',
      'DELETE FROM queue WHERE queue_no = ?',
    ]
    for (const query of queries) {
      const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${query}`).all(1)
      const text = plan.map((step) => step.detail).join('; ')
      expect(text, query).toMatch(/SEARCH/)
      expect(text, query).not.toMatch(/SCAN|TEMP B-TREE/)
    }
    db.close()
  })
})
