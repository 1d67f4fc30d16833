import type { Random } from '#core/base'
import { pemOf } from '#core/crypto'
import { type Listener, TransportError, listenTls, listenWeb } from '#core/transport'
import type { RelayCore } from './core.ts'
import type { Door } from './door.ts'
import { RelayError } from './errors.ts'
import type { RelayKeys } from './identity.ts'

/** Where the WebSocket form is spoken; 0 is any free port. smp.md 11 */
export interface WebDoors {
  /** Without TLS: for a proxy in front that ends it. */
  readonly wsPort?: number
  /** With `webTls`, or with the relay's own certificate, which no browser accepts by itself. */
  readonly wssPort?: number
  /** PEM. */
  readonly webTls?: { readonly cert: string; readonly key: string }
}

export interface ListenAt extends WebDoors {
  readonly host: string
  readonly port: number
  readonly random: Random
}

export interface Listeners {
  readonly port: number
  readonly ws: number | null
  readonly wss: number | null
  renew(keys: RelayKeys): void
  close(): Promise<void>
}

/** All doors, or none. Throws `RelayError` 'relay.port'. */
export async function openListeners(
  core: RelayCore,
  door: Door,
  keys: RelayKeys,
  at: ListenAt,
): Promise<Listeners> {
  const open: Listener[] = []
  const opened = async (port: number, listen: () => Promise<Listener>): Promise<Listener> => {
    const listener = await orRelayError(port, listen)
    open.push(listener)
    return listener
  }
  try {
    const tls = await opened(at.port, () =>
      listenTls(tlsOptions(core, door, keys, at), (each) => door.accept(each)),
    )
    const ws =
      at.wsPort === undefined ? null : await opened(at.wsPort, () => web(core, door, at, at.wsPort!, null))
    const certificate = at.webTls ?? own(keys)
    const wss =
      at.wssPort === undefined
        ? null
        : await opened(at.wssPort, () => web(core, door, at, at.wssPort!, certificate))
    return {
      port: tls.port,
      ws: ws && ws.port,
      wss: wss && wss.port,
      renew(renewed) {
        const identity = { chain: renewed.chain, key: renewed.leafKey }
        tls.renew(identity)
        if (!at.webTls) wss?.renew(identity)
      },
      close: async () => void (await Promise.all(open.map((each) => each.close()))),
    }
  } catch (error) {
    await Promise.all(open.map((each) => each.close()))
    throw error
  }
}

function tlsOptions(core: RelayCore, door: Door, { chain, leafKey: key }: RelayKeys, at: ListenAt) {
  const { clock, limits } = core
  return { host: at.host, port: at.port, chain, key, clock, gate: door.gate, tlsTimeout: limits.tlsTimeout }
}

function web(
  core: RelayCore,
  door: Door,
  { host, random }: ListenAt,
  port: number,
  tls: { readonly cert: string; readonly key: string } | null,
): Promise<Listener> {
  const { clock, limits } = core
  const options = { host, port, tls, clock, random, gate: door.gate, upgradeTimeout: limits.upgradeTimeout }
  return listenWeb(options, (each) => door.acceptWeb(each))
}

function own({ chain, leafKey }: RelayKeys) {
  return {
    cert: chain.map((der) => pemOf(der, 'CERTIFICATE')).join(''),
    key: pemOf(leafKey, 'PRIVATE KEY'),
  }
}

async function orRelayError(port: number, listen: () => Promise<Listener>): Promise<Listener> {
  try {
    return await listen()
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause
    const reason = String(cause.facts['reason'] ?? cause.code)
    throw new RelayError('relay.port', 'cannot listen on this port', { port, reason }, { cause })
  }
}
