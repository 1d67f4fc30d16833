import { unreachable } from '#core/base'
import type { CommandType } from './command.ts'
import { type CommandErrorReason, type SmpError, commandError } from './smp-error.ts'

/**
 * Whether a command may come with or without authorization and entity id: checked before anything is looked up.
 * smp.md 5.1, "credential presence check". Null: go on.
 */
export function checkCredentials(type: CommandType, hasAuth: boolean, hasEntity: boolean): SmpError | null {
  const reason = missing(type, hasAuth, hasEntity)
  return reason && commandError(reason)
}

function missing(type: CommandType, hasAuth: boolean, hasEntity: boolean): CommandErrorReason | null {
  switch (type) {
    case 'NEW':
      if (!hasAuth) return 'NO_AUTH'
      return hasEntity ? 'HAS_AUTH' : null
    case 'SEND':
      return hasEntity ? null : 'NO_ENTITY'
    case 'LGET':
    case 'PFWD':
      if (!hasEntity) return 'NO_ENTITY'
      return hasAuth ? 'HAS_AUTH' : null
    case 'PING':
    case 'PRXY':
    case 'RFWD':
      return hasAuth || hasEntity ? 'HAS_AUTH' : null
    case 'SUB':
    case 'GET':
    case 'ACK':
    case 'KEY':
    case 'SKEY':
    case 'LKEY':
    case 'RKEY':
    case 'LSET':
    case 'LDEL':
    case 'NKEY':
    case 'NDEL':
    case 'OFF':
    case 'DEL':
    case 'QUE':
    case 'NSUB':
    case 'SUBS':
    case 'NSUBS':
      return hasAuth && hasEntity ? null : 'NO_AUTH'
    default:
      return unreachable(type)
  }
}
