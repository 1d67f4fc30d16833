import { request } from 'node:https'
import { hostKind, isOverlayName, preferredHost, type RelayAddress } from '#core/protocol'

/** Short links name a web address without a port, so there the page has to be. agent.md 5.4 */
const WEB_PORT = 443
/** One-time links and addresses. */
const PATHS = ['/i', '/a'] as const
/** A page for links is a few dozen KiB. */
const LONGEST = 256 * 1024
/** What such a page names, whoever made it: the network whose links it opens. */
const SIGN = /simplex/i

/** The network was not there to ask, which says nothing of the relay. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  ...['EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN', 'EHOSTUNREACH', 'ETIMEDOUT', 'ENOTFOUND'],
])

export interface LinkPageOptions {
  readonly signal: AbortSignal
  /** For a server of one's own certificate authority. */
  readonly ca?: string
  readonly port?: number
}

/**
 * Whether people who open a short link of this relay in a browser find a page there that tells what to do: both paths
 * answer with one, under a certificate that browsers accept. Null: nobody could be asked. No link and no key goes out.
 */
export async function hasLinkPage(address: RelayAddress, options: LinkPageOptions): Promise<boolean | null> {
  const host = preferredHost(address)
  if (!canStandInWebLink(address)) return false
  try {
    const found = await Promise.all(PATHS.map((path) => isLinkPage(host, path, options)))
    return found.every(Boolean)
  } catch (error) {
    const code = (error as { code?: unknown }).code
    return options.signal.aborted || NOT_ASKED.has(String(code)) ? null : false
  }
}

/** The first host becomes the host of the web address; browsers know no onion names, and apps differ on IPv6. */
export function canStandInWebLink({ hosts }: Pick<RelayAddress, 'hosts'>): boolean {
  const kind = hostKind(hosts[0]!)
  return kind === 'ipv4' || (kind === 'name' && !isOverlayName(hosts[0]!))
}

function isLinkPage(host: string, path: string, { signal, ca, port }: LinkPageOptions): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host, path, port: port ?? WEB_PORT, signal, agent: false, ...(ca !== undefined && { ca }) },
      (answer) => {
        const isPage =
          answer.statusCode === 200 && /^text\/html\b/i.test(answer.headers['content-type'] ?? '')
        if (!isPage) {
          answer.destroy()
          return resolve(false)
        }
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          text += part
          if (text.length > LONGEST) answer.destroy(new Error('too long'))
        })
        answer.on('end', () => resolve(SIGN.test(text)))
        answer.on('error', reject)
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}
