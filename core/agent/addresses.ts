import { equalBytes } from '#core/base'
import { decode, encode } from '#core/encoding'
import { relayAddressCodec, type RelayAddress } from '#core/protocol'

/** A relay as the store keeps it: hosts and port exactly as they came, no password. */
export function serverBytes(address: RelayAddress): Uint8Array {
  return encode(relayAddressCodec, address)
}

export function serverAddress(bytes: Uint8Array): RelayAddress {
  return decode(relayAddressCodec, bytes)
}

/** Whether a stored relay is the one of an address, however either is written: its identity says so, hosts and ports are only ways to it. */
export function isRelay(server: Uint8Array, { keyHash }: Pick<RelayAddress, 'keyHash'>): boolean {
  return equalBytes(serverAddress(server).keyHash, keyHash)
}
