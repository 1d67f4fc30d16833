import { generateEd25519, generateX25519, x25519 } from '#core/crypto'
import { passwordBytes, type RelayAddress } from '#core/protocol'
import { insertDeletion, type RcvQueue } from '#core/store'
import { serverBytes } from './addresses.ts'
import type { Context } from './context.ts'
import { AgentError } from './errors.ts'

export type NewRcvQueue = Pick<
  RcvQueue,
  'server' | 'rcvId' | 'sndId' | 'mode' | 'authKey' | 'dhSecret' | 'e2ePrivate' | 'e2ePublic'
>

export interface NewQueueOptions {
  readonly signal: AbortSignal
  readonly timeoutMs?: number
  /** `C`: for a contact address. */
  readonly mode?: 'M' | 'C'
  /** False: what comes waits until somebody subscribes. */
  readonly subscribe?: boolean
}

/**
 * Makes a queue and subscribes to it. Each attempt has keys of its own: NEW is not repeatable, and a lost answer leaves
 * a queue behind that nobody knows. agent.md 4.5
 */
export async function makeQueue(
  ctx: Context,
  relay: RelayAddress,
  { mode = 'M', subscribe = true, ...options }: NewQueueOptions,
): Promise<NewRcvQueue> {
  const auth = generateEd25519(ctx.random)
  const dh = generateX25519(ctx.random)
  const e2e = generateX25519(ctx.random)
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
        request: { mode, link: null },
        notifier: null,
      },
      key: { algorithm: 'ed25519', privateKey: auth.privateKey },
    },
    options,
  )
  if (answer.type !== 'IDS') {
    throw new AgentError('agent.refused', 'NEW was answered by something else', { type: answer.type })
  }
  return {
    server: serverBytes(relay),
    rcvId: answer.rcvId.slice(),
    sndId: answer.sndId.slice(),
    mode: answer.mode,
    authKey: auth.privateKey,
    dhSecret: x25519(dh.privateKey, answer.srvDhKey),
    e2ePrivate: e2e.privateKey,
    e2ePublic: e2e.publicKey,
  }
}

/** Makes a queue for whoever has asked for it, and keeps it only if `keep` can store it. */
export async function keepNewQueue<T>(
  ctx: Context,
  relay: RelayAddress,
  options: NewQueueOptions,
  keep: (queue: NewRcvQueue) => T,
): Promise<T> {
  const queue = await makeQueue(ctx, relay, options)
  try {
    options.signal.throwIfAborted()
    return keep(queue)
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
