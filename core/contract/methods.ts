import type {
  Address,
  App,
  ChatRow,
  Connection,
  Contact,
  Found,
  FoundChats,
  Message,
  Network,
  Notification,
  OnboardingStep,
  Plan,
  Profile,
  ProfileEntry,
  Reach,
  RelayChoice,
  RelayEntry,
  RelayLine,
  RelayState,
  RelayTest,
  Request,
  SecurityCode,
  TimelineStep,
  Verified,
  VerifiedHow,
} from './types.ts'

type Nothing = Record<string, never>
/** Without it: the active profile. */
interface OfProfile {
  profileId?: string
}
/** `incognitoId` is of `incognito.suggest`, so that the name shown is the name used. */
interface AsWhom extends OfProfile {
  incognito?: boolean
  incognitoId?: string
}

type NewInvitation = AsWhom & {
  name?: string
  relay?: string
  /** From then on it works no more. */
  expiresAt?: string | null
  once?: string
}
interface MadeInvitation {
  connectionId: string
  link: string
  fullLink: string
  incognitoProfile: Profile | null
}

/** Every method of this version: what goes in, what comes out. `schemas.ts` checks what goes in at the border. */
export interface Methods {
  'app.get': { params: Nothing; result: App }
  /** Where the data folder could not be used: looks again now, and goes on when it can. */
  'app.retry': { params: Nothing; result: App }
  'app.setOnboarding': { params: { step: OnboardingStep }; result: App }
  'app.openLink': { params: { text: string }; result: Nothing }
  'call.cancel': { params: { id: string | number }; result: { cancelled: boolean } }
  'profile.get': { params: Nothing; result: Profile | null }
  'profile.create': { params: Profile & { once?: string }; result: Profile }
  'profile.update': { params: Partial<Profile> & OfProfile; result: Profile }
  'profile.list': { params: Nothing; result: ProfileEntry[] }
  'profile.switch': { params: { profileId: string }; result: ProfileEntry }
  'profile.delete': { params: { profileId: string; contacts: number }; result: Nothing }
  'relay.list': { params: Nothing; result: RelayEntry[] }
  'relay.add': { params: { address: string; once?: string }; result: Nothing }
  'relay.remove': { params: { address: string }; result: Nothing }
  'relay.test': { params: { address: string }; result: RelayTest }
  'relay.setEnabled': { params: { address: string; enabled: boolean }; result: Nothing }
  'relay.parse': { params: { text: string }; result: RelayLine[] }
  'network.get': { params: Nothing; result: Network }
  'network.update': {
    params: { choice?: RelayChoice; embedded?: { on?: boolean; reachableFrom?: Reach } }
    result: Network
  }
  'network.retry': { params: Nothing; result: Nothing }
  'link.parse': { params: { text: string }; result: Found[] }
  'link.image': {
    params: {
      /** Only a page of several links goes without. */
      link?: string
      style: 'code' | 'card' | 'page'
      format: 'svg' | 'png' | 'html'
      size?: number
      title?: string
      connectionIds?: string[]
    }
    result: { dataUri: string }
  }
  'invitation.create': { params: NewInvitation; result: MadeInvitation }
  /** All or none; `name` of each is the given one with its number. */
  'invitation.createMany': {
    params: NewInvitation & { count: number }
    result: (MadeInvitation & { name: string })[]
  }
  /** `askUnknownRelay`: say so rather than ask a relay that is in no list of ours. */
  'connection.plan': { params: OfProfile & { link: string; askUnknownRelay?: boolean }; result: Plan }
  'connection.connect': {
    params: AsWhom & {
      link: string
      name?: string
      message?: string
      again?: boolean
      /** A relay that cannot be reached is tried later. */
      whenOnline?: boolean
      once?: string
    }
    result: { connectionId: string; contactId: string | null }
  }
  'connection.list': { params: OfProfile; result: Connection[] }
  'connection.get': { params: { connectionId: string }; result: Connection & { timeline: TimelineStep[] } }
  'connection.setName': { params: { connectionId: string; name: string | null }; result: Connection }
  'connection.markShared': { params: { connectionId: string }; result: Connection }
  'connection.setIncognito': {
    params: { connectionId: string; incognito: boolean; incognitoId?: string }
    result: Connection
  }
  'connection.setProfile': { params: { connectionId: string; profileId: string }; result: Connection }
  'connection.setExpiry': { params: { connectionId: string; expiresAt: string | null }; result: Connection }
  /** Tries at once what waits; `relay`: one of ours to use in place of the one that does not take it. */
  'connection.retry': { params: { connectionId: string; relay?: string }; result: Connection }
  'connection.delete': { params: { connectionId: string }; result: { peerMayWait: boolean } }
  'incognito.suggest': { params: OfProfile; result: { incognitoId: string; profile: Profile } }
  'address.get': { params: OfProfile & { addressId?: string }; result: Address | null }
  'address.list': { params: OfProfile; result: Address[] }
  'address.create': {
    params: OfProfile & { label?: string; sharedInProfile?: boolean; once?: string }
    result: Address
  }
  'address.update': {
    params: {
      addressId?: string
      autoAccept?: { incognito: boolean } | null
      welcomeMessage?: string | null
      sharedInProfile?: boolean
      label?: string | null
      paused?: boolean
      stopAt?: string | null
      stopAfter?: number | null
    }
    result: Address
  }
  'address.replace': { params: { addressId?: string; once?: string }; result: Address }
  'address.delete': {
    params: { addressId?: string; acceptFirst?: string[]; rejectWaiting?: boolean }
    result: Nothing
  }
  'request.list': {
    params: OfProfile & { addressId?: string; text?: string; limit?: number; before?: string }
    result: Request[]
  }
  'request.accept': {
    params: { requestId: string; incognito?: boolean; incognitoId?: string }
    result: { connectionId: string }
  }
  'request.reject': { params: { requestId: string; ignoreRepeats?: boolean }; result: Nothing }
  'request.rejectMany': {
    params: { requestIds?: string[]; addressId?: string; all?: true }
    result: { rejected: number }
  }
  'contact.list': { params: OfProfile; result: Contact[] }
  'contact.get': { params: { contactId: string }; result: Contact }
  'contact.setName': { params: { contactId: string; name: string | null }; result: Contact }
  'contact.update': {
    params: {
      contactId: string
      muted?: boolean
      pinned?: boolean
      holdUntilVerified?: boolean
      dismiss?: 'verify' | 'codeChange'
    }
    result: Contact
  }
  'contact.securityCode': { params: { contactId: string }; result: SecurityCode }
  'contact.verify': {
    params: { contactId: string; code: string | null; how?: VerifiedHow }
    result: Verified
  }
  /** `keepChat`: what was said stays to be read, and the contact is `deleted`. */
  'contact.delete': { params: { contactId: string; notify?: boolean; keepChat?: boolean }; result: Nothing }
  'chat.list': {
    params: { filter?: 'unread'; cursor?: string; limit?: number; profileId?: string }
    result: { rows: ChatRow[]; cursor: string | null }
  }
  'chat.find': { params: { text: string; limit?: number; profileId?: string }; result: FoundChats }
  'chat.search': {
    params: { text: string; contactId?: string; limit?: number; profileId?: string }
    result: Message[]
  }
  'chat.markUnread': { params: { contactId: string }; result: Nothing }
  'chat.setDraft': { params: { contactId: string; text: string | null }; result: Nothing }
  'chat.clear': { params: { contactId: string }; result: Nothing }
  'chat.messages': {
    params: { contactId?: string; connectionId?: string; before?: string; limit?: number }
    result: Message[]
  }
  'chat.markRead': { params: { contactId: string }; result: Nothing }
  'message.send': {
    params: { contactId?: string; connectionId?: string; text: string; once?: string }
    result: Message
  }
  'message.retry': { params: { messageId: string }; result: Message }
}

export type MethodName = keyof Methods
export type Params<M extends MethodName> = Methods[M]['params']
export type Result<M extends MethodName> = Methods[M]['result']

/** Every event of this version, in the order in which the store committed them. */
export interface Events {
  'app.ready': { version: string; profile: Profile | null; state: App['state'] }
  'app.state': App
  'connection.updated': Connection
  'connection.removed': { connectionId: string; rowId: string }
  'contact.connected': Contact
  'contact.updated': Contact
  'contact.codeChanged': { contactId: string; at: string }
  'contact.removed': { contactId: string; rowId: string }
  'request.received': Request
  'request.updated': Request
  'request.removed': { requestId: string; rowId: string; why: 'accepted' | 'rejected' | 'gone' }
  'address.updated': Address
  'address.removed': { addressId: string }
  'profile.updated': ProfileEntry
  'profile.switched': ProfileEntry
  'profile.removed': { profileId: string }
  'message.received': Message
  'message.updated': Message
  'relay.status': { address: string; state: RelayState; error: string | null }
  'network.status': Network
  'notification.show': Notification
  'notification.clear': { notificationId: string }
  'link.opened': { text: string; replaced: boolean }
}

export type EventName = keyof Events
export type ContractEvent = { [E in EventName]: { event: E; data: Events[E] } }[EventName]
