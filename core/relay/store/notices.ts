import type { Database } from 'better-sqlite3'
import type { Millis } from '#core/base'

export interface Notice {
  readonly nonce: Uint8Array
  readonly meta: Uint8Array
}

/** Notifications that wait for a notifier to come back. smp.md 5.5; why `+?`: `messages.ts` */
export function noticeRows(db: Database) {
  const all = db.prepare<[number], Notice>(
    'SELECT nonce, meta FROM notice WHERE queue_no = +? ORDER BY notice_no',
  )
  const insert = db.prepare('INSERT INTO notice (queue_no, nonce, meta, created_at) VALUES (?, ?, ?, ?)')
  const trim = db.prepare(
    `DELETE FROM notice WHERE notice_no IN (
       SELECT notice_no FROM notice WHERE queue_no = +? ORDER BY notice_no DESC LIMIT -1 OFFSET ?)`,
  )
  const clear = db.prepare('DELETE FROM notice WHERE queue_no = ?')
  const expire = db.prepare('DELETE FROM notice WHERE created_at < ?')
  return {
    add(queueNo: number, notice: Notice, at: Millis, keep: number): void {
      insert.run(queueNo, notice.nonce, notice.meta, at)
      trim.run(queueNo, keep)
    },
    /** Returns them and forgets them. */
    take(queueNo: number): Notice[] {
      const waiting = all.all(queueNo)
      if (waiting.length > 0) clear.run(queueNo)
      return waiting
    },
    clear: (queueNo: number) => void clear.run(queueNo),
    expire: (before: Millis) => void expire.run(before),
  }
}
