import { AppError, isAppError } from '#core/base'
import { type ConnectionLink, parseConnectionLink, readConnectionLink, relayOfLink } from '#core/agent'
import type { LinkFacts, LinkReaders } from '#core/chat'
import { formatHostsAndPort, parseRelayAddress, preferredHost, type RelayAddress } from '#core/protocol'

/** The grammar of links and relay addresses, as the chat room needs it. */
export const linkReaders: LinkReaders = {
  readLink(text) {
    const link = readConnectionLink(text)
    // The end is missing: with what is there nobody could tell its relay from another.
    if (link.form === 'short' && !relayOfLink(link)) {
      throw new AppError('link.invalid', 'a link without a fingerprint', { at: text.length })
    }
    const facts = factsOf(link)
    try {
      parseConnectionLink(text)
      return { facts, problem: null }
    } catch (error) {
      if (!isAppError(error, 'link.version')) throw error
      return { facts, problem: { code: 'link.version', at: Number(error.facts['at'] ?? 0) } }
    }
  },
  isRelayAddress(text) {
    return readRelay(text) !== null
  },
}

export function readRelay(text: string): RelayAddress | null {
  try {
    return parseRelayAddress(text)
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}

/** As people read it: one host, and the port where it is not the usual one. */
export function relayName(address: Pick<RelayAddress, 'hosts' | 'port'>): string {
  const host = preferredHost({ ...address, keyHash: NO_KEY, password: null })
  return formatHostsAndPort({ hosts: [host], port: address.port })
}
const NO_KEY = new Uint8Array(0)

function factsOf(link: ConnectionLink): LinkFacts {
  const relay = relayName(link.form === 'short' ? link.server : link.queues[0].server)
  const kind = link.kind === 'invitation' ? 'invitation' : 'address'
  return { kind, form: link.form, relay, community: communityOf(link) }
}

/** Groups and channels share the grammar of addresses and say so in the letter or in their data. agent.md 5.1, 5.4 */
function communityOf(link: ConnectionLink): 'group' | 'channel' | null {
  if (link.kind === 'invitation') return null
  if (link.form === 'short') {
    return link.contactType === 'group' || link.contactType === 'channel' ? link.contactType : null
  }
  return link.clientData !== null && /"type"\s*:\s*"group"/.test(link.clientData) ? 'group' : null
}
