import type { Database } from 'better-sqlite3'
import type { Millis } from '#core/base'
import type { Fifo, StoredMessage } from '../queue.ts'
import { Recent } from './recent.ts'

interface MessageRow {
  message_no: number
  seq: number
  msg_id: Uint8Array
  sent_at: number
  kind: 'message' | 'quota'
  notify: number
  body: Uint8Array
}

const EMPTY_FIFO: Fifo = { size: 0, lastSeq: 0, marked: false }

/** `+?`: for a bare `?` SQLite would plan these anew for every queue, since 0 and 1 may be frequent; that took 4 us each. */
export function messageRows(db: Database) {
  const head = db.prepare<[number], MessageRow>(
    `SELECT message_no, seq, msg_id, sent_at, kind, notify, body
     FROM message WHERE queue_no = +? ORDER BY seq LIMIT 1`,
  )
  const firstSeq = db.prepare<[number], { seq: number }>(
    'SELECT seq FROM message WHERE queue_no = +? ORDER BY seq LIMIT 1',
  )
  const last = db.prepare<[number], { seq: number; kind: string }>(
    'SELECT seq, kind FROM message WHERE queue_no = +? ORDER BY seq DESC LIMIT 1',
  )
  const insert = db.prepare(
    'INSERT INTO message (queue_no, seq, msg_id, sent_at, kind, notify, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const remove = db.prepare('DELETE FROM message WHERE message_no = ?')
  const removeHead = db.prepare<[number, Uint8Array]>(
    `DELETE FROM message WHERE
       message_no = (SELECT message_no FROM message WHERE queue_no = +? ORDER BY seq LIMIT 1) AND msg_id = ?`,
  )
  const oldest = db.prepare<[number, number], { message_no: number; queue_no: number; sent_at: number }>(
    'SELECT message_no, queue_no, sent_at FROM message WHERE message_no > ? ORDER BY message_no LIMIT ?',
  )
  const ageOfHead = db.prepare<[number], { message_no: number; sent_at: number; kind: string }>(
    'SELECT message_no, sent_at, kind FROM message WHERE queue_no = +? ORDER BY seq LIMIT 1',
  )

  const fifos = new Recent<Fifo>()
  const loaded = (queueNo: number): Fifo => {
    const end = last.get(queueNo)
    if (!end) return EMPTY_FIFO
    const size = end.seq - firstSeq.get(queueNo)!.seq + 1
    return { size, lastSeq: end.seq, marked: end.kind === 'quota' }
  }

  return {
    head(queueNo: number): StoredMessage | null {
      if (fifos.get(queueNo)?.size === 0) return null
      const row = head.get(queueNo)
      if (!row) return null
      const { message_no: no, seq, msg_id: msgId, sent_at: sentAt, kind, notify, body } = row
      return { no, seq, msgId, sentAt, kind, notify: notify === 1, body }
    },
    isEmpty(queueNo: number): boolean {
      const known = fifos.get(queueNo)
      return known ? known.size === 0 : firstSeq.get(queueNo) === undefined
    },
    fifo(queueNo: number): Fifo {
      const fifo = fifos.get(queueNo) ?? loaded(queueNo)
      fifos.keep(queueNo, fifo)
      return fifo
    },
    append(queueNo: number, message: Omit<StoredMessage, 'no'>): StoredMessage {
      const { seq, msgId, sentAt, kind, notify, body } = message
      const { lastInsertRowid } = insert.run(queueNo, seq, msgId, sentAt, kind, notify ? 1 : 0, body)
      const before = fifos.get(queueNo)
      if (before) fifos.keep(queueNo, { size: before.size + 1, lastSeq: seq, marked: kind === 'quota' })
      return { no: Number(lastInsertRowid), ...message }
    },
    /** Unless the head is another one. Returns whether it was this. */
    removeHead(queueNo: number, msgId: Uint8Array): boolean {
      if (removeHead.run(queueNo, msgId).changes === 0) return false
      const before = fifos.get(queueNo)
      if (before) fifos.keep(queueNo, before.size > 1 ? { ...before, size: before.size - 1 } : EMPTY_FIFO)
      return true
    },
    /** From the head, up to the first that is young or the marker. smp.md 5.5 */
    expireHead(queueNo: number, before: Millis): number {
      let removed = 0
      fifos.drop(queueNo)
      for (;;) {
        const first = ageOfHead.get(queueNo)
        if (!first || first.kind === 'quota' || first.sent_at >= before) return removed
        remove.run(first.message_no)
        removed++
      }
    },
    /** Something was undone. */
    forget: () => fifos.clear(),
    /** In the order in which they came in, over all queues. */
    oldest: (after: number, count: number) => oldest.all(after, count),
  }
}
