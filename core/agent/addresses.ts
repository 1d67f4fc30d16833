import { decode, encode } from '#core/encoding'
import { relayAddressCodec, type RelayAddress } from '#core/protocol'

/** A relay as the store keeps it: hosts and port exactly as they came, no password. */
export function serverBytes(address: RelayAddress): Uint8Array {
  return encode(relayAddressCodec, address)
}

export function serverAddress(bytes: Uint8Array): RelayAddress {
  return decode(relayAddressCodec, bytes)
}
