import { equalBytes, isAppError } from '#core/base'
import { generateEd25519, generateX25519, x25519 } from '#core/crypto'
import { ID_SIZE, passwordBytes, type QueueRequest, type RelayAddress } from '#core/protocol'
import { insertDeletion, type RcvQueue } from '#core/store'
import { serverBytes } from './addresses.ts'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'
import { sealNewLink, type LinkContent, type NewLink } from './new-link.ts'
import { senderIdOf } from './wire/index.ts'

export type NewRcvQueue = Pick<
  RcvQueue,
  'server' | 'rcvId' | 'sndId' | 'mode' | 'authKey' | 'dhSecret' | 'e2ePrivate' | 'e2ePublic'
>

/** What a link says of a queue. */
export type LinkedQueue = Pick<RcvQueue, 'server' | 'sndId' | 'e2ePublic' | 'mode'>

export interface NewQueueOptions {
  readonly signal: AbortSignal
  readonly timeoutMs?: number
  /** `C`: for a contact address. */
  readonly mode?: 'M' | 'C'
  /** False: what comes waits until somebody subscribes. */
  readonly subscribe?: boolean
  /** What lies behind a short link to the queue. Relays of before version 15 make the queue without one. */
  readonly linkTo?: (queue: LinkedQueue) => LinkContent
}

/**
 * Makes a queue and subscribes to it. Each attempt has keys of its own: NEW is not repeatable, and a lost answer leaves
 * a queue behind that nobody knows. agent.md 4.5
 */
export async function makeQueue(
  ctx: Context,
  relay: RelayAddress,
  options: NewQueueOptions,
): Promise<NewRcvQueue & { link: NewLink | null }> {
  try {
    return await askForQueue(ctx, relay, options)
  } catch (error) {
    if (!options.linkTo || !isAppError(error, 'relay.version')) throw error
    const { linkTo: _, ...plain } = options
    return askForQueue(ctx, relay, plain)
  }
}

async function askForQueue(
  ctx: Context,
  relay: RelayAddress,
  { mode = 'M', subscribe = true, linkTo, ...options }: NewQueueOptions,
): Promise<NewRcvQueue & { link: NewLink | null }> {
  const auth = generateEd25519(ctx.random)
  const dh = generateX25519(ctx.random)
  const e2e = generateX25519(ctx.random)
  const server = serverBytes(relay)
  const corrId = ctx.random.bytes(ID_SIZE)
  const sndId = senderIdOf(corrId)
  const link = linkTo ? sealNewLink(ctx, linkTo({ server, sndId, e2ePublic: e2e.publicKey, mode })) : null
  const answer = await ctx.relays.request(
    relay,
    {
      entityId: new Uint8Array(0),
      command: {
        type: 'NEW',
        rcvAuthKey: { algorithm: 'ed25519', raw: auth.publicKey },
        rcvDhKey: dh.publicKey,
        password: passwordBytes(relay),
        subscribe,
        request: queueRequest(mode, sndId, link),
        notifier: null,
      },
      key: { algorithm: 'ed25519', privateKey: auth.privateKey },
      corrId,
    },
    options,
  )
  if (answer.type !== 'IDS') {
    throw new AgentError('agent.refused', 'NEW was answered by something else', { type: answer.type })
  }
  const queue: NewRcvQueue = {
    server,
    rcvId: answer.rcvId.slice(),
    sndId: answer.sndId.slice(),
    mode: answer.mode,
    authKey: auth.privateKey,
    dhSecret: x25519(dh.privateKey, answer.srvDhKey),
    e2ePrivate: e2e.privateKey,
    e2ePublic: e2e.publicKey,
  }
  if (!link) return { ...queue, link: null }
  const linkId = link.linkId ?? answer.linkId?.slice() ?? null
  const isAsSigned =
    equalBytes(answer.sndId, sndId) &&
    linkId?.length === ID_SIZE &&
    answer.linkId !== null &&
    equalBytes(answer.linkId, linkId)
  if (isAsSigned) return { ...queue, link: { ...link, linkId } }
  // The data names another queue than there is: nobody could ever use the link.
  abandonQueue(ctx, queue)
  throw new AgentError('agent.refused', 'the relay did not take the ids of the link')
}

function queueRequest(
  mode: 'M' | 'C',
  sndId: Uint8Array,
  link: (Omit<NewLink, 'linkId'> & { linkId: Uint8Array | null }) | null,
): QueueRequest {
  const { fixed, user } = link?.sealed ?? {}
  const data = fixed && user ? { sndId, fixed, user } : null
  if (mode === 'M') return { mode, link: data }
  return { mode, link: data && link?.linkId ? { ...data, linkId: link.linkId } : null }
}

/** Makes a queue for whoever has asked for it, and keeps it only if `keep` can store it. */
export async function keepNewQueue<T>(
  ctx: Context,
  relay: RelayAddress,
  options: NewQueueOptions,
  keep: (queue: NewRcvQueue, link: NewLink | null) => T,
): Promise<T> {
  const { link, ...queue } = await makeQueue(ctx, relay, options)
  try {
    options.signal.throwIfAborted()
    return keep(queue, link)
  } catch (error) {
    abandonQueue(ctx, queue)
    throw error
  }
}

/** The queue is of no use after all. */
export function abandonQueue(ctx: Context, queue: Pick<RcvQueue, 'server' | 'rcvId' | 'authKey'>): void {
  ctx.store.write((tx) => {
    insertDeletion(tx, queue, ctx.clock.now())
    tx.afterCommit(() => ctx.deleteQueues())
  })
}
