import { deadline } from '#core/base'
import type { RelayAddress } from '#core/protocol'
import { type ClientSession, clientHandshake, dialTls } from '#core/transport'
import type { ClientLimits } from './constants.ts'
import { asClientError, unreachable } from './errors.ts'
import type { ClientDeps } from './types.ts'

/** From an address to a session whose peer is the relay of that address. Rejects with `ClientError` or the signal's reason. */
export async function connectRelay(
  address: RelayAddress,
  deps: Pick<ClientDeps, 'clock' | 'random' | 'dialAt'> & { readonly limits: ClientLimits },
  signal: AbortSignal,
): Promise<ClientSession> {
  const { clock, random, limits } = deps
  using limit = deadline(clock, limits.connectMs, signal, () => unreachable('timeout'))
  try {
    const connection = await dialTls(deps.dialAt?.(address) ?? address, {
      signal: limit.signal,
      clock,
    })
    return await clientHandshake(connection, {
      keyHash: address.keyHash,
      clock,
      random,
      signal: limit.signal,
    })
  } catch (error) {
    throw asClientError(error)
  }
}
