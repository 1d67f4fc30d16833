import { decodeRatchet, securityCode } from '#core/crypto'
import { type RelayAddress, relayKey } from '#core/protocol'
import {
  countDeliveries,
  countQueuesByServer,
  findAgentRequests,
  findRcvQueuesBySndId,
  findSndQueues,
  getAgentConnection,
  getRatchet,
  isServerNeeded,
  listServers,
  rcvQueueOf,
  sndQueueOf,
  type RcvQueue,
  type ReadDb,
} from '#core/store'
import { isRelay, serverAddress } from './addresses.ts'
import type { ConnId, ConnectionInfo } from './types.ts'

/** Questions about connections that change nothing. */

export function canSend(db: ReadDb, connId: ConnId): boolean {
  const connection = getAgentConnection(db, connId)
  return (
    connection !== undefined &&
    connection.sendReady &&
    connection.resync === null &&
    connection.deletedAt === null
  )
}

export function connectionInfo(
  db: ReadDb,
  connId: ConnId,
  live: { waiting: ConnectionInfo['waiting']; isEnded: (queue: RcvQueue) => boolean },
): ConnectionInfo | null {
  const connection = getAgentConnection(db, connId)
  if (!connection || connection.phase === 'claiming' || connection.deletedAt !== null) return null
  const own = rcvQueueOf(db, connId)
  const peer = sndQueueOf(db, connId)
  return {
    connId,
    kind: connection.kind,
    role: connection.role,
    phase: connection.phase,
    canSend: canSend(db, connId),
    ownRelay: own ? serverAddress(own.server) : null,
    peerRelay: peer ? serverAddress(peer.server) : null,
    receiving: !own ? 'none' : own.status === 'gone' ? 'gone' : live.isEnded(own) ? 'ended' : 'ok',
    waiting: live.waiting,
    pending: countDeliveries(db, connId),
    error: connection.error,
  }
}

export function findJoined(db: ReadDb, server: RelayAddress, sndId: Uint8Array): ConnId | null {
  const queue = findSndQueues(db, sndId).find((one) => isRelay(one.server, server))
  if (!queue || getAgentConnection(db, queue.connId)?.phase === 'claiming') return null
  return queue.connId
}

export function findOwnQueue(db: ReadDb, server: RelayAddress, sndId: Uint8Array): ConnId | null {
  return ownQueue(db, 'pair', server, sndId)
}

export function findOwnAddress(db: ReadDb, server: RelayAddress, sndId: Uint8Array): ConnId | null {
  return ownQueue(db, 'address', server, sndId)
}

function ownQueue(
  db: ReadDb,
  kind: 'pair' | 'address',
  server: RelayAddress,
  sndId: Uint8Array,
): ConnId | null {
  return findRcvQueuesBySndId(db, kind, sndId).find((one) => isRelay(one.server, server))?.connId ?? null
}

export function findRequested(
  db: ReadDb,
  server: RelayAddress,
  sndId: Uint8Array,
  isWanted: (connId: ConnId) => boolean = () => true,
): ConnId | null {
  const found = findAgentRequests(db, sndId).find(
    (one) =>
      isRelay(one.server, server) &&
      getAgentConnection(db, one.connId)?.phase !== 'claiming' &&
      isWanted(one.connId),
  )
  return found?.connId ?? null
}

export function queuesByRelay(db: ReadDb): { relay: RelayAddress; queues: number }[] {
  return countQueuesByServer(db).map(({ server, queues }) => ({ relay: serverAddress(server), queues }))
}

/** Every relay that a connection has to do with. */
export function relaysOfConnections(db: ReadDb): RelayAddress[] {
  return listServers(db).map(serverAddress)
}

/** Those of `relays` (keys) that something of ours waits for. */
export function neededRelays(db: ReadDb, relays: ReadonlySet<string>): Set<string> {
  const needed = new Set<string>()
  for (const server of listServers(db)) {
    const key = relayKey(serverAddress(server))
    if (relays.has(key) && !needed.has(key) && isServerNeeded(db, server)) needed.add(key)
  }
  return needed
}

export function securityCodeOf(db: ReadDb, connId: ConnId): string | null {
  const ratchet = getRatchet(db, connId)
  return ratchet ? securityCode(decodeRatchet(ratchet).ad) : null
}
