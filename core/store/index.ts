/**
 * store: the one SQLite file of an installation. Opening, migrations, transactions, and one repository file per aggregate,
 * which owns its SQL and its row types. It knows nothing of networks, keys' meanings or protocol rules: agent and chat
 * decide what belongs into one transaction. Start reading at `store.ts`; the schema is in `migrations/`.
 */
export { openStore } from './store.ts'
export type { ReadDb, Store, StoreOptions, WriteTx } from './store.ts'
export { sql } from './sql.ts'
export type { Sql, SqlValue } from './sql.ts'
export type { Migration } from './migrate.ts'
export { migrations } from './migrations/index.ts'
export { StoreError } from './errors.ts'
