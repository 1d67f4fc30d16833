import type { Database, Statement } from 'better-sqlite3'
import { type PublicKey, decodeSpki, encodeSpki } from '#core/crypto'
import { decode, encode, list1 } from '#core/encoding'
import { type BlockedNotice, type QueueMode, authKey } from '#core/protocol'
import type { Notifier, Queue, QueueStatus } from '../queue.ts'
import { Recent } from './recent.ts'

interface QueueRow {
  queue_no: number
  rcv_id: Uint8Array
  snd_id: Uint8Array
  rcv_keys: Uint8Array
  rcv_dh_secret: Uint8Array
  snd_key: Uint8Array | null
  mode: QueueMode | null
  status: 'active' | 'off' | 'blocked'
  blocked_reason: 'spam' | 'content' | null
  blocked_ttl: number | null
  ntf_id: Uint8Array | null
  ntf_key: Uint8Array | null
  ntf_dh_secret: Uint8Array | null
  used_day: number
}

const keyList = list1(authKey)
const decoyKey: PublicKey = { algorithm: 'ed25519', raw: new Uint8Array(32).fill(1) }
const DECOY_KEY = encodeSpki(decoyKey)
const DECOY_KEYS = encode(keyList, [decoyKey])

export type NewQueueRecord = Omit<Queue, 'no' | 'status' | 'sndKey'>

export function queueRows(db: Database) {
  const by = (column: string) => db.prepare<[unknown], QueueRow>(`SELECT * FROM queue WHERE ${column} = ?`)
  const byNo = by('queue_no')
  const byRcvId = by('rcv_id')
  const bySndId = by('snd_id')
  const byNtfId = by('ntf_id')
  const byLinkId = db.prepare<[unknown], QueueRow>(
    'SELECT queue.* FROM link JOIN queue USING (queue_no) WHERE link.link_id = ?',
  )
  const decoy = db.prepare<[Uint8Array, Uint8Array], QueueRow>(
    `SELECT 0 AS queue_no, zeroblob(24) AS rcv_id, zeroblob(24) AS snd_id, ? AS rcv_keys,
       zeroblob(32) AS rcv_dh_secret, ? AS snd_key, 'M' AS mode, 'active' AS status, NULL AS blocked_reason,
       NULL AS blocked_ttl, NULL AS ntf_id, NULL AS ntf_key, NULL AS ntf_dh_secret, 0 AS used_day`,
  )
  /** Where there is no queue the work is the same, or the time would tell which ids are queues. smp.md 5.4, "Timing" */
  const found = (row: QueueRow | undefined): Queue | null => {
    if (row) return asQueue(row)
    asQueue(decoy.get(DECOY_KEYS, DECOY_KEY))
    return null
  }
  const insert = db.prepare(
    `INSERT INTO queue (rcv_id, snd_id, rcv_keys, rcv_dh_secret, mode, ntf_id, ntf_key, ntf_dh_secret, used_day)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const setSndKey = db.prepare('UPDATE queue SET snd_key = ? WHERE queue_no = ?')
  const setRcvKeys = db.prepare('UPDATE queue SET rcv_keys = ? WHERE queue_no = ?')
  const setOff = db.prepare(
    "UPDATE queue SET status = 'off', blocked_reason = NULL, blocked_ttl = NULL WHERE queue_no = ?",
  )
  const setBlocked = db.prepare(
    'UPDATE queue SET status = ?, blocked_reason = ?, blocked_ttl = ? WHERE queue_no = ?',
  )
  const setNotifier = db.prepare(
    'UPDATE queue SET ntf_id = ?, ntf_key = ?, ntf_dh_secret = ? WHERE queue_no = ?',
  )
  const setUsed = db.prepare('UPDATE queue SET used_day = ? WHERE queue_no = ?')
  const remove = db.prepare('DELETE FROM queue WHERE queue_no = ?')
  const unused = db.prepare<[number, number], { queue_no: number }>(
    'SELECT queue_no FROM queue WHERE used_day < ? ORDER BY used_day LIMIT ?',
  )
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM queue')
  const recent = new Recent<Queue>()
  const write = (statement: Statement<unknown[]>, no: number, ...fields: unknown[]): void => {
    recent.drop(no)
    statement.run(...fields, no)
  }
  const loaded = (no: number): Queue | null => asQueue(byNo.get(no))
  const notifierFields = (notifier: Notifier | null) =>
    notifier ? [notifier.id, encodeSpki(notifier.key), notifier.dhSecret] : [null, null, null]

  return {
    byNo: loaded,
    /** As `byNo`, and faster for one that was in use lately: only for whoever may know that it is. */
    known(no: number): Queue | null {
      const queue = recent.get(no) ?? loaded(no)
      if (queue) recent.keep(no, queue)
      return queue
    },
    byRcvId: (id: Uint8Array) => found(byRcvId.get(id)),
    bySndId: (id: Uint8Array) => found(bySndId.get(id)),
    byNtfId: (id: Uint8Array) => found(byNtfId.get(id)),
    byLinkId: (id: Uint8Array) => found(byLinkId.get(id)),
    /** Returns its number. Ids must be free. */
    insert(queue: NewQueueRecord): number {
      const { rcvId, sndId, rcvKeys, rcvDhSecret, mode, notifier, usedDay } = queue
      const fields = [rcvId, sndId, encode(keyList, rcvKeys), rcvDhSecret, mode]
      return Number(insert.run(...fields, ...notifierFields(notifier), usedDay).lastInsertRowid)
    },
    secure: (no: number, key: PublicKey) => write(setSndKey, no, encodeSpki(key)),
    replaceRecipientKeys: (no: number, keys: readonly PublicKey[]) =>
      write(setRcvKeys, no, encode(keyList, keys)),
    suspend: (no: number) => write(setOff, no),
    /** Null: active. */
    setBlocked: (no: number, blocking: { reason: string; notice: BlockedNotice | null } | null) =>
      write(
        setBlocked,
        no,
        blocking ? 'blocked' : 'active',
        blocking?.reason ?? null,
        blocking?.notice?.ttl ?? null,
      ),
    setNotifier: (no: number, notifier: Notifier | null) =>
      write(setNotifier, no, ...notifierFields(notifier)),
    touch: (no: number, day: number) => write(setUsed, no, day),
    /** With its messages, link and notices. */
    remove: (no: number) => write(remove, no),
    /** Something was undone. */
    forget: () => recent.clear(),
    /** Numbers of those that nobody has asked for since that day, the longest unused first. */
    unused: (beforeDay: number, most: number) => unused.all(beforeDay, most).map((row) => row.queue_no),
    count: () => count.get()!.n,
  }
}

function asQueue(row: QueueRow | undefined): Queue | null {
  if (!row) return null
  return {
    no: row.queue_no,
    rcvId: row.rcv_id,
    sndId: row.snd_id,
    rcvKeys: decode(keyList, row.rcv_keys),
    rcvDhSecret: row.rcv_dh_secret,
    sndKey: row.snd_key && decodeSpki(row.snd_key),
    mode: row.mode,
    status: asStatus(row),
    notifier: asNotifier(row),
    usedDay: row.used_day,
  }
}

function asStatus(row: QueueRow): QueueStatus {
  if (row.status !== 'blocked') return { tag: row.status }
  const notice = row.blocked_ttl === null ? null : { ttl: row.blocked_ttl }
  return { tag: 'blocked', reason: row.blocked_reason ?? 'content', notice }
}

function asNotifier(row: QueueRow): Notifier | null {
  if (!row.ntf_id || !row.ntf_key || !row.ntf_dh_secret) return null
  return { id: row.ntf_id, key: decodeSpki(row.ntf_key), dhSecret: row.ntf_dh_secret }
}
