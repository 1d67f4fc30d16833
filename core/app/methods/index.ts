import type { MethodName } from '#core/contract'
import type { MethodTable } from '../app-context.ts'
import { addressMethods } from './address.ts'
import { appMethods } from './app.ts'
import { chatMethods } from './chats.ts'
import { connectionMethods } from './connection.ts'
import { conversationMethods } from './conversation.ts'
import { linkMethods } from './link.ts'
import { networkMethods } from './network.ts'
import { profileMethods } from './profile.ts'
import { requestMethods } from './request.ts'
import { verificationMethods } from './verification.ts'

/** Every method of the contract; a missing one does not compile. */
export const methods: MethodTable<MethodName> = {
  ...appMethods,
  ...profileMethods,
  ...networkMethods,
  ...linkMethods,
  ...connectionMethods,
  ...conversationMethods,
  ...chatMethods,
  ...addressMethods,
  ...requestMethods,
  ...verificationMethods,
}
