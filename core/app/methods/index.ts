import { ContractFailure, type MethodName } from '#core/contract'
import type { MethodTable } from '../app-context.ts'
import { foundIn } from '../link-check.ts'
import { appMethods } from './app.ts'
import { connectionMethods } from './connection.ts'
import { conversationMethods } from './conversation.ts'
import { networkMethods } from './network.ts'
import { profileMethods } from './profile.ts'

/** Every method of the contract; a missing one does not compile. */
export const methods: MethodTable<MethodName> = {
  ...appMethods,
  ...profileMethods,
  ...networkMethods,
  'link.parse': (_app, { text }) => foundIn(text),
  ...connectionMethods,
  ...conversationMethods,
  'incognito.suggest': notYet,
  'address.get': notYet,
  'address.list': notYet,
  'address.create': notYet,
  'address.update': notYet,
  'address.replace': notYet,
  'address.delete': notYet,
  'request.list': notYet,
  'request.accept': notYet,
  'request.reject': notYet,
  'request.rejectMany': notYet,
}

function notYet(): never {
  throw new ContractFailure('UNKNOWN_METHOD', 'This version of Duplex has no such method.')
}
