import { AppError } from '#core/base'
import { ContractFailure } from '#core/contract'
import { formatRelayAddress, type RelayAddress } from '#core/protocol'
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

/** What the agent's transaction made; it is there when the agent resolves. */
export interface Made<T> {
  result?: T
}

export function committed<T>({ result }: Made<T>): T {
  if (result === undefined) throw new AppError('internal.no-result', 'the transaction did not run')
  return result
}
