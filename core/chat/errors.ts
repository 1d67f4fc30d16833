import { AppError, type Facts } from '#core/base'

export type ChatErrorCode =
  | 'chat.no-profile'
  | 'chat.profile-exists'
  | 'chat.profile-contacts'
  | 'chat.appearance-fixed'
  | 'chat.failed'
  | 'chat.link-over'
  | 'chat.not-found'
  | 'chat.link-in-use'
  | 'chat.name'
  | 'chat.not-ready'
  | 'chat.contact-gone'
  | 'chat.ended-here'
  | 'chat.not-failed'
  | 'chat.connected'
  | 'chat.too-large'
  | 'chat.profile-field'
  | 'chat.not-accepted'
  | 'chat.address-exists'
  | 'chat.label-taken'
  | 'chat.label'
  | 'chat.request-gone'
  | 'chat.request-rejected'
  | 'chat.no-code'

/** What a use case of this room refuses. `facts` carry lengths and field names, never what was written. */
export class ChatError extends AppError {
  declare readonly code: ChatErrorCode
  /** For 'chat.name': the nearest valid name. Kept out of `facts`, which may be logged. */
  readonly suggestion: string | null

  constructor(code: ChatErrorCode, message: string, facts: Facts = {}, suggestion: string | null = null) {
    super(code, message, facts)
    this.name = 'ChatError'
    this.suggestion = suggestion
  }
}
