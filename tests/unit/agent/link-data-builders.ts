import type { Random } from '#core/base'
import { ed25519PublicKey } from '#core/crypto'
import type {
  ContactLink,
  InvitationLink,
  LinkOwner,
  NewLinkData,
  QueueUri,
  ShortLink,
  UserLinkData,
} from '../../../core/agent/wire/index.ts'
import { makeLinkData, makeUserData, signOwner } from '../../../core/agent/wire/index.ts'

/** Values of the worked examples of agent.md 5.3 to 5.6, and a person who breaks one thing at a time. */
export const ROOT: Uint8Array = new Uint8Array(32).fill(7)
export const VERSIONS = { min: 2, max: 7 }
export const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at)

/** Any bytes do: nothing here is secret. */
export const anyRandom: Random = { bytes: (length) => new Uint8Array(length).fill(9) }

export function aQueue(fields: Partial<QueueUri> = {}): QueueUri {
  return {
    versions: { min: 1, max: 4 },
    server: {
      hosts: ['smp.example.org', 'abc.onion'],
      port: '5223',
      keyHash: new Uint8Array(32).fill(0xab),
      password: null,
    },
    senderId: new Uint8Array(24).fill(0xcd),
    dhKey: counting(32),
    mode: 'C',
    ...fields,
  }
}

export function aContact(queue: QueueUri = aQueue()): ContactLink {
  return { form: 'full', kind: 'contact', agentVersions: VERSIONS, queues: [queue], clientData: null }
}

export function anInvitation(queue: QueueUri = aQueue({ mode: 'M' })): InvitationLink {
  const e2e = {
    versions: { min: 2, max: 3 },
    key1: new Uint8Array(56).fill(1),
    key2: new Uint8Array(56).fill(2),
    kemKey: null,
  }
  return { ...aContact(queue), kind: 'invitation', e2e }
}

export type ContactData = UserLinkData & { kind: 'contact' }

export function contactData(fields: Partial<ContactData> = {}): ContactData {
  return {
    kind: 'contact',
    agentVersions: VERSIONS,
    direct: true,
    owners: [],
    relays: [],
    userBytes: Uint8Array.of(1, 2, 3),
    ...fields,
  }
}

export function invitationData(userBytes: Uint8Array = Uint8Array.of(1, 2, 3)): UserLinkData {
  return { kind: 'invitation', agentVersions: VERSIONS, userBytes }
}

/** The link under which the data is found; its relay is the queue's. */
export function linkTo(made: NewLinkData, request: ContactLink | InvitationLink): ShortLink {
  const common = {
    form: 'short',
    scheme: 'simplex',
    linkKey: made.linkKey,
    server: request.queues[0].server,
  } as const
  return request.kind === 'contact'
    ? { ...common, kind: 'contact', contactType: 'contact' }
    : { ...common, kind: 'invitation', linkId: new Uint8Array(24).fill(0xef) }
}

export interface Published {
  readonly link: ShortLink
  readonly answer: { senderId: Uint8Array; sealed: NewLinkData['sealed'] }
}

export function publishContact(user: UserLinkData = contactData(), signer: Uint8Array = ROOT): Published {
  const request = aContact()
  const made = makeLinkData(ROOT, { request, user: contactData() }, anyRandom)
  const link = linkTo(made, request)
  const sealed = { ...made.sealed, user: makeUserData(signer, link, user, anyRandom) }
  return { link, answer: { senderId: request.queues[0].senderId, sealed } }
}

export function publishInvitation(): Published {
  const request = anInvitation()
  const made = makeLinkData(ROOT, { request, user: invitationData() }, anyRandom)
  return {
    link: linkTo(made, request),
    answer: { senderId: request.queues[0].senderId, sealed: made.sealed },
  }
}

/** The seed of the owner of this number. */
export const seed = (number: number): Uint8Array => new Uint8Array(32).fill(0x40 + number)

export function owner(number: number, signer: Uint8Array, id: number = number): LinkOwner {
  return signOwner(signer, { id: new Uint8Array(16).fill(id), key: ed25519PublicKey(seed(number)) })
}
