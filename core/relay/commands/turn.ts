import type { ClientTransmission, Command, CommandType } from '#core/protocol'
import type { SessionSecrets } from '../access.ts'
import type { Connection } from '../connection.ts'
import type { RelayCore } from '../core.ts'

/** One command being carried out, inside the transaction of its batch. */
export interface Turn {
  readonly core: RelayCore
  readonly caller: Connection
  readonly t: ClientTransmission
  /** What this command is written in: the connection's, or that of the client behind a proxy. */
  readonly version: number
  /** For the keys that authorize it. */
  readonly secrets: SessionSecrets
}

/** The command with this tag. */
export type CommandOf<T extends CommandType> = Extract<Command, { readonly type: T }>
