import { AppError, isAppError } from '#core/base'
import { ContractFailure } from '#core/contract'
import { formatRelayAddress, type RelayAddress, relayKey } from '#core/protocol'
import type { ReadDb } from '#core/store'
import type { AppContext } from './app-context.ts'
import { toFailure } from './failures.ts'
import { relayIn } from './link-readers.ts'
import { pickRelay, usableRelays, withStoredPassword } from './relay-directory.ts'

type Relays = Pick<AppContext, 'store' | 'embedded' | 'random'>

export function relaysInUse(app: Relays): RelayAddress[] {
  return app.store.read((db) => usableRelays(db, app.embedded.address))
}

/** The relay that was asked for, else one of those in use. */
export function relayForNew(app: Relays, wanted: string | undefined, notThis?: RelayAddress): RelayAddress {
  if (wanted !== undefined) {
    const relay = relayIn(wanted)
    if (!relay) {
      throw new ContractFailure('INVALID_PARAMS', 'This is not the address of a relay.', { path: 'relay' })
    }
    return app.store.read((db) => withStoredPassword(db, relay))
  }
  const relay = pickRelay(relaysInUse(app), app.random, notThis)
  if (!relay) throw new AppError('relay.none', 'no relay is switched on')
  return relay
}

/** Errors of a relay name it, so that a person can choose another. */
export async function atRelay<T>(relay: RelayAddress, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw toFailure(error, { address: formatRelayAddress(relay, { password: false }) })
  }
}

/**
 * Where a queue of ours is to be made that could not be made at once: the relay as it is known now, or another one where it
 * is used no more, or has refused.
 */
export function ownRelayNow(
  db: ReadDb,
  { embedded, random }: Omit<Relays, 'store'>,
  relay: RelayAddress,
  refused: boolean,
): RelayAddress {
  const usable = usableRelays(db, embedded.address)
  const isSame = (one: RelayAddress): boolean => relayKey(one) === relayKey(relay)
  const same = usable.find(isSame)
  if (same && !refused) return same
  const others = usable.filter((one) => !isSame(one))
  return pickRelay(others, random) ?? same ?? withStoredPassword(db, relay)
}

/** Relays of ours have changed: whatever waits for one is tried at once. */
export function tryWhatWaits(app: Pick<AppContext, 'agent' | 'acceptances' | 'queued'>): void {
  app.agent.retryNow()
  app.acceptances.hurry()
  app.queued.hurry()
}

/**
 * With one relay of ours after another, until one makes the queue: what refuses decides nothing about the link. Errors
 * name the relay, and that it is ours.
 */
export async function atOwnRelays<T>(
  app: Relays,
  notThis: RelayAddress,
  work: (relay: RelayAddress) => Promise<T>,
): Promise<T> {
  const first = relayForNew(app, undefined, notThis)
  const others = relaysInUse(app).filter((one) => relayKey(one) !== relayKey(first))
  for (const relay of [first, ...others]) {
    try {
      return await work(relay)
    } catch (error) {
      if (!isAppError(error, 'agent.own-relay')) throw error
      const failure = toFailure(error.cause, {
        address: formatRelayAddress(relay, { password: false }),
        own: true,
      })
      // A silent one may have taken all the time that there is.
      if (
        relay === others.at(-1) ||
        others.length === 0 ||
        (failure.reason === undefined && failure.code === 'RELAY_UNREACHABLE')
      )
        throw failure
    }
  }
  throw new AppError('internal.unreachable', 'no relay was asked')
}

/** What the agent's transaction made; it is there when the agent resolves. */
export interface Made<T> {
  result?: T
}

export function committed<T>({ result }: Made<T>): T {
  if (result === undefined) throw new AppError('internal.no-result', 'the transaction did not run')
  return result
}
