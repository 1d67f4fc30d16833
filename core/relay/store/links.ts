import type { Database } from 'better-sqlite3'
import type { LinkData } from '../queue.ts'
import { Recent } from './recent.ts'

interface LinkRow {
  link_id: Uint8Array
  fixed: Uint8Array
  user: Uint8Array
}

/** Link data is opaque here: both blobs are encrypted with a key from the link. */
export function linkRows(db: Database) {
  const get = db.prepare<[number], LinkRow>('SELECT link_id, fixed, user FROM link WHERE queue_no = ?')
  const owner = db.prepare<[Uint8Array], { queue_no: number }>('SELECT queue_no FROM link WHERE link_id = ?')
  const put = db.prepare('INSERT OR REPLACE INTO link (queue_no, link_id, fixed, user) VALUES (?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM link WHERE queue_no = ?')
  const without = new Recent<true>()
  return {
    get(queueNo: number): LinkData | null {
      const row = get.get(queueNo)
      return row ? { linkId: row.link_id, fixed: row.fixed, user: row.user } : null
    },
    owner: (linkId: Uint8Array) => owner.get(linkId)?.queue_no ?? null,
    /** The link's id must be free or this queue's own. */
    put(queueNo: number, link: LinkData): void {
      without.drop(queueNo)
      put.run(queueNo, link.linkId, link.fixed, link.user)
    },
    remove(queueNo: number): void {
      if (without.get(queueNo)) return
      remove.run(queueNo)
      without.keep(queueNo, true)
    },
    /** Something was undone. */
    forget: () => without.clear(),
  }
}
