import type { Clock } from '#core/base'
import { sql } from './sql.ts'
import type { WriteTx } from './store.ts'

/** One step of the schema. Versions rise in tens, a shipped step never changes, each runs in a transaction of its own. */
export interface Migration {
  readonly version: number
  readonly name: string
  up(tx: WriteTx): void
}

/** Brings the schema up to date. A database with a step that this program does not know was refused before: `file.ts`. */
export function migrate(
  write: <T>(fn: (tx: WriteTx) => T) => T,
  migrations: readonly Migration[],
  clock: Clock,
): void {
  const ordered = [...migrations].sort((a, b) => a.version - b.version)
  const applied = write((tx) => {
    tx.run(sql`
      CREATE TABLE IF NOT EXISTS schema_migration (
        version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL
      ) STRICT`)
    return new Set(
      tx.all<{ version: number }>(sql`SELECT version FROM schema_migration`).map((row) => row.version),
    )
  })
  for (const migration of ordered) {
    if (applied.has(migration.version)) continue
    write((tx) => {
      migration.up(tx)
      tx.run(
        sql`INSERT INTO schema_migration (version, name, applied_at) VALUES (${migration.version}, ${migration.name}, ${clock.now()})`,
      )
    })
  }
}
