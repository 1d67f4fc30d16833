/** Which command goes where, and who may give it. smp.md 5.1 */
import { type Command, type CommandType, type Response, commandError } from '#core/protocol'
import { refuse } from '../core.ts'
import type { Queue } from '../queue.ts'
import { AUTH, refusal } from '../queue-rules.ts'
import { createQueue } from './create.ts'
import { forward } from './forward.ts'
import { queueForRecipient } from './lookup.ts'
import { claimLink, deleteLink, readLink, setLink } from './links.ts'
import {
  deleteQueue,
  describeQueue,
  replaceRecipientKeys,
  secureByRecipient,
  secureBySender,
  suspendQueue,
} from './manage.ts'
import { deleteNotifier, setNotifier, subscribeNotifier } from './notify.ts'
import { acknowledgeMessage, getMessage, subscribe } from './receive.ts'
import { sendMessage } from './send.ts'
import type { Turn } from './turn.ts'

/** They write several rows, all or none of which count. The others write one: SQLite undoes a statement that fails. */
const severalRows: readonly CommandType[] = ['NEW', 'NKEY', 'NDEL']

/** Credentials have been checked for presence; here they are checked for truth. */
export function carryOut(turn: Turn, command: Command): Response {
  if (!severalRows.includes(command.type)) return perform(turn, command)
  return turn.core.store.part(() => perform(turn, command))
}

function perform(turn: Turn, command: Command): Response {
  switch (command.type) {
    case 'PING':
      return { type: 'PONG' }
    case 'NEW':
      return createQueue(turn, command)
    case 'SEND':
      return sendMessage(turn, command)
    case 'SKEY':
      return secureBySender(turn, command)
    case 'LKEY':
      return claimLink(turn, command)
    case 'LGET':
      return readLink(turn)
    case 'NSUB':
      return subscribeNotifier(turn)
    case 'PRXY':
      // Forwarding for clients is not offered. smp.md 5.6 has the same answer for that and for a wrong password.
      return refuse({ type: 'PROXY', error: { type: 'BASIC_AUTH' } })
    case 'PFWD':
      return refuse({ type: 'PROXY', error: { type: 'NO_SESSION' } })
    case 'RFWD':
      return forward(turn, command, carryOut)
    case 'SUBS':
    case 'NSUBS':
      return refuse(commandError('PROHIBITED'))
    default:
      return asRecipient(turn, command)
  }
}

function asRecipient(turn: Turn, command: Command): Response {
  const { core, t } = turn
  const queue = queueForRecipient(turn)
  if (!core.access.recipient(queue, t, turn.secrets)) return refuse(AUTH)
  const closed = refusal(queue, command.type)
  return closed ? refuse(closed) : obey(turn, queue, command)
}

function obey(turn: Turn, queue: Queue, command: Command): Response {
  switch (command.type) {
    case 'SUB':
      return subscribe(turn, queue)
    case 'GET':
      return getMessage(turn, queue)
    case 'ACK':
      return acknowledgeMessage(turn, queue, command)
    case 'KEY':
      return secureByRecipient(turn, queue, command)
    case 'RKEY':
      return replaceRecipientKeys(turn, queue, command)
    case 'LSET':
      return setLink(turn, queue, command)
    case 'LDEL':
      return deleteLink(turn, queue)
    case 'NKEY':
      return setNotifier(turn, queue, command)
    case 'NDEL':
      return deleteNotifier(turn, queue)
    case 'OFF':
      return suspendQueue(turn, queue)
    case 'DEL':
      return deleteQueue(turn, queue)
    case 'QUE':
      return describeQueue(turn, queue)
    default:
      // Answered above already; the type of commands without parameters does not let the compiler see it.
      return refuse(commandError('PROHIBITED'))
  }
}
