import type { Migration } from '../migrate.ts'
import { agentTables } from './0010-agent.ts'
import { chatTables } from './0020-chat.ts'
import { agentAddressTables } from './0030-agent-address.ts'
import { chatAddressTables } from './0040-chat-address.ts'
import { chatVerificationTables } from './0050-chat-verification.ts'
import { agentLinkTables } from './0060-agent-links.ts'
import { agentResyncTables } from './0062-agent-resync.ts'
import { chatLinkColumns } from './0065-chat-links.ts'
import { chatProfileTables } from './0070-chat-profiles.ts'
import { agentIdentityColumn } from './0071-agent-identity.ts'
import { chatRequestWelcome } from './0075-chat-request-welcome.ts'
import { chatLifeTables } from './0080-chat-life.ts'
import { chatInvitationLife } from './0085-chat-invitation-life.ts'
import { agentRotationColumn } from './0090-agent-rotation.ts'
import { relayPageColumn } from './0100-relay-page.ts'
import { agentLookups } from './0107-agent-lookups.ts'
import { chatKeptColumn } from './0111-chat-kept.ts'

/** Every step of the schema, in order. A new one is a new file and a new line here. */
export const migrations: readonly Migration[] = [
  agentTables,
  chatTables,
  agentAddressTables,
  chatAddressTables,
  chatVerificationTables,
  agentLinkTables,
  agentResyncTables,
  chatLinkColumns,
  chatProfileTables,
  agentIdentityColumn,
  chatRequestWelcome,
  chatLifeTables,
  chatInvitationLife,
  agentRotationColumn,
  relayPageColumn,
  agentLookups,
  chatKeptColumn,
]
