/**
 * What each method lets in. Objects are strict: a parameter of a later stage, or a misspelt one, is refused at its path
 * and never ignored, since an ignored `incognito` would show the real name.
 */
import * as v from 'valibot'
import type { MethodName, Params } from './methods.ts'
import type { ErrorCode, ErrorDetails } from './errors.ts'

/** Longest id we take: ours are far shorter, a door may choose its own for `call.cancel`. */
const MAX_ID = 256
/** Longest text of any other parameter, UTF-16 units: below the 8 MiB of a line of the envelope. */
const MAX_TEXT = 4 * 1_048_576
/** Largest picture, pixels along one side: a code for a poster, and few enough to be drawn at once. */
const MAX_PIXELS = 4_096
/** Most cards of one printed page of links. */
const MAX_CARDS = 500
const MAX_BATCH = 50 // api.md, invitation.createMany
const MAX_MESSAGES = 500 // api.md, chat.messages
/** Most requests of one call: more than are ever kept for an address. */
const MAX_REQUESTS = 5_000

const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_ID))
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT))
const once = v.exactOptional(id)
const addressId = v.exactOptional(id)
const limit = v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_MESSAGES)))
const time = v.pipe(v.string(), v.isoTimestamp())
const nothing = v.strictObject({})
/** Without it: the active profile. */
const ofProfile = { profileId: v.exactOptional(id) }
const asWhom = {
  ...ofProfile,
  incognito: v.exactOptional(v.boolean()),
  incognitoId: v.exactOptional(id),
}
const privateName = v.exactOptional(text)
const invitation = {
  ...asWhom,
  name: privateName,
  relay: v.exactOptional(text),
  expiresAt: v.exactOptional(v.nullable(time)),
  once,
}
/** `null` takes a text out of the profile, like an empty one. */
const cleared = v.exactOptional(
  v.pipe(
    v.nullable(text),
    v.transform((value) => value ?? ''),
  ),
)

type Schema<M extends MethodName> = v.GenericSchema<unknown, Params<M>>

export const schemas: { readonly [M in MethodName]: Schema<M> } = {
  'app.get': nothing,
  'app.retry': nothing,
  'app.setOnboarding': v.strictObject({ step: v.picklist(['profile', 'relays', 'protect', 'done']) }),
  'app.openLink': v.strictObject({ text }),
  'call.cancel': v.strictObject({ id: v.union([v.string(), v.number()]) }),
  'profile.get': nothing,
  'profile.create': v.strictObject({
    displayName: text,
    fullName: cleared,
    description: cleared,
    image: cleared,
    address: cleared,
    once,
  }),
  'profile.update': v.strictObject({
    displayName: v.exactOptional(text),
    fullName: cleared,
    description: cleared,
    image: cleared,
    address: cleared,
    ...ofProfile,
  }),
  'profile.list': nothing,
  'profile.switch': v.strictObject({ profileId: id }),
  'profile.delete': v.strictObject({
    profileId: id,
    contacts: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
  'relay.list': nothing,
  'relay.add': v.strictObject({ address: text, once }),
  'relay.remove': v.strictObject({ address: text }),
  'relay.test': v.strictObject({ address: text }),
  'relay.setEnabled': v.strictObject({ address: text, enabled: v.boolean() }),
  'relay.parse': v.strictObject({ text }),
  'network.get': nothing,
  'network.update': v.strictObject({
    choice: v.exactOptional(v.picklist(['embedded', 'own', 'preset'])),
    embedded: v.exactOptional(
      v.strictObject({
        on: v.exactOptional(v.boolean()),
        reachableFrom: v.exactOptional(v.picklist(['this-computer', 'local-network', 'internet'])),
      }),
    ),
  }),
  'network.retry': nothing,
  'link.parse': v.strictObject({ text }),
  'link.image': v.pipe(
    v.strictObject({
      link: v.exactOptional(text),
      style: v.picklist(['code', 'card', 'page']),
      format: v.picklist(['svg', 'png', 'html']),
      size: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PIXELS))),
      title: v.exactOptional(text),
      connectionIds: v.exactOptional(v.pipe(v.array(id), v.nonEmpty(), v.maxLength(MAX_CARDS))),
    }),
    v.forward(
      v.check(
        ({ style, format }) => (style === 'page') === (format === 'html'),
        'A page is "html"; a code and a card are "svg" or "png".',
      ),
      ['format'],
    ),
    v.forward(
      v.check(
        ({ style, connectionIds }) => style === 'page' || connectionIds === undefined,
        'Only a page shows several links.',
      ),
      ['connectionIds'],
    ),
  ),
  'invitation.create': v.strictObject(invitation),
  'invitation.createMany': v.strictObject({
    count: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(MAX_BATCH)),
    ...invitation,
  }),
  'connection.plan': v.strictObject({
    link: text,
    askUnknownRelay: v.exactOptional(v.boolean()),
    ...ofProfile,
  }),
  'connection.connect': v.strictObject({
    link: text,
    ...asWhom,
    name: privateName,
    message: v.exactOptional(text),
    again: v.exactOptional(v.boolean()),
    whenOnline: v.exactOptional(v.boolean()),
    once,
  }),
  'connection.list': v.strictObject(ofProfile),
  'connection.get': v.strictObject({ connectionId: id }),
  'connection.setName': v.strictObject({ connectionId: id, name: v.nullable(text) }),
  'connection.markShared': v.strictObject({ connectionId: id }),
  'connection.setIncognito': v.strictObject({
    connectionId: id,
    incognito: v.boolean(),
    incognitoId: v.exactOptional(id),
  }),
  'connection.setProfile': v.strictObject({ connectionId: id, profileId: id }),
  'connection.setExpiry': v.strictObject({ connectionId: id, expiresAt: v.nullable(time) }),
  'connection.retry': v.strictObject({ connectionId: id, relay: v.exactOptional(text) }),
  'connection.delete': v.strictObject({ connectionId: id }),
  'incognito.suggest': v.strictObject(ofProfile),
  'address.get': v.strictObject({ addressId, ...ofProfile }),
  'address.list': v.strictObject(ofProfile),
  'address.create': v.strictObject({
    label: v.exactOptional(v.pipe(text, v.nonEmpty())),
    sharedInProfile: v.exactOptional(v.boolean()),
    once,
    ...ofProfile,
  }),
  'address.update': v.strictObject({
    addressId,
    autoAccept: v.exactOptional(v.nullable(v.strictObject({ incognito: v.boolean() }))),
    welcomeMessage: v.exactOptional(v.nullable(text)),
    sharedInProfile: v.exactOptional(v.boolean()),
    label: v.exactOptional(v.nullable(text)),
    paused: v.exactOptional(v.boolean()),
    stopAt: v.exactOptional(v.nullable(time)),
    stopAfter: v.exactOptional(v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1)))),
  }),
  'address.replace': v.strictObject({ addressId, once }),
  'address.delete': v.strictObject({
    addressId,
    acceptFirst: v.exactOptional(v.pipe(v.array(id), v.maxLength(MAX_REQUESTS))),
    rejectWaiting: v.exactOptional(v.boolean()),
  }),
  'request.list': v.strictObject({
    addressId,
    text: v.exactOptional(text),
    limit,
    before: v.exactOptional(id),
    ...ofProfile,
  }),
  'request.accept': v.strictObject({
    requestId: id,
    incognito: v.exactOptional(v.boolean()),
    incognitoId: v.exactOptional(id),
  }),
  'request.reject': v.strictObject({ requestId: id, ignoreRepeats: v.exactOptional(v.boolean()) }),
  'request.rejectMany': v.pipe(
    v.strictObject({
      requestIds: v.exactOptional(v.pipe(v.array(id), v.maxLength(MAX_REQUESTS))),
      addressId,
      all: v.exactOptional(v.literal(true)),
    }),
    v.check(
      ({ requestIds, addressId, all }) =>
        requestIds === undefined
          ? addressId !== undefined && all === true
          : addressId === undefined && all === undefined,
      'Say which requests: either requestIds, or addressId with all: true.',
    ),
  ),
  'contact.list': v.strictObject(ofProfile),
  'contact.get': v.strictObject({ contactId: id }),
  'contact.setName': v.strictObject({ contactId: id, name: v.nullable(text) }),
  'contact.update': v.strictObject({
    contactId: id,
    muted: v.exactOptional(v.boolean()),
    pinned: v.exactOptional(v.boolean()),
    holdUntilVerified: v.exactOptional(v.boolean()),
    dismiss: v.exactOptional(v.picklist(['verify', 'codeChange'])),
  }),
  'contact.securityCode': v.strictObject({ contactId: id }),
  'contact.verify': v.strictObject({
    contactId: id,
    code: v.nullable(text),
    how: v.exactOptional(v.picklist(['scan', 'paste', 'hand'])),
  }),
  'contact.delete': v.strictObject({
    contactId: id,
    notify: v.exactOptional(v.boolean()),
    keepChat: v.exactOptional(v.boolean()),
  }),
  'chat.list': v.strictObject({
    filter: v.exactOptional(v.literal('unread')),
    cursor: v.exactOptional(id),
    limit,
    ...ofProfile,
  }),
  'chat.find': v.strictObject({ text, limit, ...ofProfile }),
  'chat.search': v.strictObject({ text, contactId: v.exactOptional(id), limit, ...ofProfile }),
  'chat.markUnread': v.strictObject({ contactId: id }),
  'chat.setDraft': v.strictObject({ contactId: id, text: v.nullable(text) }),
  'chat.clear': v.strictObject({ contactId: id }),
  'chat.messages': v.pipe(
    v.strictObject({
      contactId: v.exactOptional(id),
      connectionId: v.exactOptional(id),
      before: v.exactOptional(id),
      limit,
    }),
    v.check((value) => oneChat(value), 'Say which chat: either contactId or connectionId.'),
  ),
  'chat.markRead': v.strictObject({ contactId: id }),
  'message.send': v.pipe(
    v.strictObject({
      contactId: v.exactOptional(id),
      connectionId: v.exactOptional(id),
      text: v.pipe(text, v.nonEmpty()),
      once,
    }),
    v.check((value) => oneChat(value), 'Say which chat: either contactId or connectionId.'),
  ),
  'message.retry': v.strictObject({ messageId: id }),
}

function oneChat(value: { contactId?: string; connectionId?: string }): boolean {
  return (value.contactId === undefined) !== (value.connectionId === undefined)
}

/** A refusal at the contract's border or behind it: what a door answers with. */
export class ContractFailure extends Error {
  readonly code: ErrorCode
  readonly reason: string | undefined
  readonly details: ErrorDetails

  constructor(
    code: ErrorCode,
    message: string,
    details: Partial<ErrorDetails> = {},
    options?: ErrorOptions & { reason?: string },
  ) {
    super(message, options)
    this.name = 'ContractFailure'
    this.code = code
    this.reason = options?.reason
    this.details = { retryable: false, ...details }
  }
}

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(schemas, name)
}

/** The checked parameters; throws `ContractFailure` INVALID_PARAMS with the path of the first field in the way. */
export function parseParams<M extends MethodName>(method: M, params: unknown): Params<M> {
  const schema: Schema<M> = schemas[method]
  const result = v.safeParse(schema, Array.isArray(params) ? null : (params ?? {}))
  if (result.success) return result.output
  const issue = result.issues[0]
  const path = v.getDotPath(issue) ?? rulePath(method, params)
  throw new ContractFailure('INVALID_PARAMS', sentence(path, issue), { path })
}

/** The rule "one of two" names no field by itself: the surplus or missing one is the first. */
function rulePath(method: MethodName, params: unknown): string {
  if (typeof params !== 'object' || Array.isArray(params)) return ''
  return method === 'request.rejectMany' ? 'requestIds' : 'contactId'
}

function sentence(path: string, issue: v.BaseIssue<unknown>): string {
  if (path === '') return 'The parameters of this call are not an object.'
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return `This version does not take "${path}" here.`
  if (issue.kind === 'schema' && issue.received === 'undefined') return `"${path}" is missing.`
  if (issue.type === 'check') return issue.message
  if (issue.type === 'non_empty') return `"${path}" is empty.`
  return `"${path}" is not a value that this call takes.`
}
