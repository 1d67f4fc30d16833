import { AppError, isAppError } from '#core/base'
import {
  type ConnectionLink,
  formatShortLink,
  parseConnectionLink,
  readConnectionLink,
  relayOfLink,
} from '#core/agent'
import { findLinks, type LinkFacts, type LinkReaders } from '#core/chat'
import { formatHostsAndPort, parseRelayAddress, preferredHost, type RelayAddress } from '#core/protocol'

/** The grammar of links and relay addresses, as the chat room needs it. */
export const linkReaders: LinkReaders = {
  readLink(text) {
    const link = readConnectionLink(text)
    // The end is missing: with what is there nobody could tell its relay from another.
    if (link.form === 'short' && !relayOfLink(link)) {
      throw new AppError('link.invalid', 'a link without a fingerprint', { at: text.length })
    }
    // It lost its end within what an application wrote there, and with it perhaps the word that it leads into a group.
    if (link.form === 'full' && link.clientData !== null && !isJson(link.clientData)) {
      throw new AppError('link.invalid', 'a link whose data is not whole', { at: text.length })
    }
    const whole = link.form === 'short' ? formatShortLink(link) : text
    const facts = factsOf(link)
    try {
      parseConnectionLink(text)
      return { text: whole, facts, problem: null }
    } catch (error) {
      if (!isAppError(error, 'link.version')) throw error
      return { text: whole, facts, problem: { code: 'link.version', at: Number(error.facts['at'] ?? 0) } }
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

/** One that somebody has pasted or typed, with what stands around it in a text: repaired as links are. */
export function relayIn(text: string): RelayAddress | null {
  const plain = readRelay(text.trim())
  if (plain !== null) return plain
  const found = findLinks(text, linkReaders)
  return found.length === 1 && found[0]?.kind === 'relay' ? readRelay(found[0].text) : null
}

/** As people read it: one host, and the port where it is not the usual one. */
export function relayName(address: Pick<RelayAddress, 'hosts' | 'port'>): string {
  const host = preferredHost({ ...address, keyHash: NO_KEY, password: null })
  return formatHostsAndPort({ hosts: [host], port: address.port })
}
const NO_KEY = new Uint8Array(0)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function factsOf(link: ConnectionLink): LinkFacts {
  const relay = relayName(link.form === 'short' ? link.server : link.queues[0].server)
  const kind = link.kind === 'invitation' ? 'invitation' : 'address'
  return { kind, form: link.form, relay, community: communityOf(link) }
}

/** Groups, channels and relays of channels share the grammar of addresses and say so in the letter or in their data. agent.md 5.1, 5.4 */
function communityOf(link: ConnectionLink): LinkFacts['community'] {
  if (link.kind === 'invitation') return null
  if (link.form === 'short') return link.contactType === 'contact' ? null : link.contactType
  return link.clientData !== null && /"type"\s*:\s*"group"/.test(link.clientData) ? 'group' : null
}
