import type { Database } from 'better-sqlite3'

export interface RelayMigration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

/**
 * Numbers rise in tens; a shipped step never changes.
 * Nothing here says who uses a queue: ids are random, keys are made for one queue, days stand where times would do.
 */
export const MIGRATIONS: readonly RelayMigration[] = [
  {
    version: 10,
    name: 'queues and messages',
    sql: `
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

      -- Numbers are never used again: a connection may still know the one of a deleted queue.
      CREATE TABLE queue (
        queue_no INTEGER PRIMARY KEY AUTOINCREMENT,
        rcv_id BLOB NOT NULL UNIQUE,
        snd_id BLOB NOT NULL UNIQUE,
        rcv_keys BLOB NOT NULL,
        rcv_dh_secret BLOB NOT NULL,
        snd_key BLOB,
        mode TEXT CHECK (mode IN ('M', 'C')),
        status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'off', 'blocked')),
        blocked_reason TEXT CHECK (blocked_reason IN ('spam', 'content')),
        blocked_ttl INTEGER,
        ntf_id BLOB UNIQUE,
        ntf_key BLOB,
        ntf_dh_secret BLOB,
        used_day INTEGER NOT NULL
      ) STRICT;

      -- seq counts without gaps inside a queue: messages go in at the end and out at the head only.
      CREATE TABLE message (
        message_no INTEGER PRIMARY KEY,
        queue_no INTEGER NOT NULL REFERENCES queue ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        msg_id BLOB NOT NULL,
        sent_at INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('message', 'quota')),
        notify INTEGER NOT NULL,
        body BLOB NOT NULL,
        UNIQUE (queue_no, seq)
      ) STRICT;

      CREATE TABLE link (
        queue_no INTEGER PRIMARY KEY REFERENCES queue ON DELETE CASCADE,
        link_id BLOB NOT NULL UNIQUE,
        fixed BLOB NOT NULL,
        user BLOB NOT NULL
      ) STRICT;

      CREATE TABLE notice (
        notice_no INTEGER PRIMARY KEY,
        queue_no INTEGER NOT NULL REFERENCES queue ON DELETE CASCADE,
        nonce BLOB NOT NULL,
        meta BLOB NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX notice_by_queue ON notice (queue_no);
    `,
  },
  {
    version: 20,
    name: 'queues by their last use',
    sql: 'CREATE INDEX queue_by_use ON queue (used_day)',
  },
]

/** The version of the newest step that the file has had; steps that this program does not know come back as `newer`. */
export function migrate(db: Database, now: number, migrations = MIGRATIONS): { newer: number | null } {
  db.exec(
    'CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
  )
  const rows = db.prepare<[], { version: number }>('SELECT version FROM migration ORDER BY version').all()
  const applied = new Set(rows.map((row) => row.version))
  const newest = migrations.at(-1)?.version ?? 0
  const stranger = rows.find((row) => row.version > newest)
  if (stranger) return { newer: stranger.version }
  const note = db.prepare('INSERT INTO migration (version, name, applied_at) VALUES (?, ?, ?)')
  for (const step of migrations) {
    if (applied.has(step.version)) continue
    db.transaction(() => {
      db.exec(step.sql)
      note.run(step.version, step.name, now)
    }).immediate()
  }
  return { newer: null }
}
