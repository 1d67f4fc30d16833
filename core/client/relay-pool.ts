import { Emitter } from '#core/base'
import { type RelayAddress, relayKey } from '#core/protocol'
import { DEFAULT_LIMITS } from './constants.ts'
import { ClientError, RelayRefused } from './errors.ts'
import { RelayLink } from './relay-link.ts'
import { testRelay } from './relay-test.ts'
import type { ClientDeps, QueueEvent, RelayMessage, RelayPool, RelayStatus } from './types.ts'

export function createRelayPool(given: ClientDeps): RelayPool {
  const deps = { ...given, limits: { ...DEFAULT_LIMITS, ...given.limits } }
  const report = (error: unknown): void =>
    deps.log.error('relay.handler-failed', { name: error instanceof Error ? error.name : 'unknown' })
  const messages = new Emitter<RelayMessage>(report)
  const queueEvents = new Emitter<QueueEvent>(report)
  const statuses = new Emitter<{ address: RelayAddress; status: RelayStatus }>(report)
  const links = new Map<string, RelayLink>()
  let closed = false

  function link(address: RelayAddress): RelayLink {
    if (closed) throw new ClientError('relay.closed', 'the relay pool was closed')
    const key = relayKey(address)
    let found = links.get(key)
    if (!found) {
      found = new RelayLink(address, deps, {
        onMessage: (message) => messages.emit(message),
        onQueueEvent: (event) => queueEvents.emit(event),
        onStatus: (status) => statuses.emit({ address, status }),
      })
      links.set(key, found)
    }
    return found
  }

  return {
    request: async (address, command, options) => link(address).request(command, options),
    subscribe: (address, queues) => {
      if (queues.length > 0) link(address).subscribe(queues)
    },
    subscribed: (address, queue) => link(address).subscribed(queue),
    unsubscribe: (address, rcvId) => links.get(relayKey(address))?.unsubscribe(rcvId),
    async acknowledge(address, queue, msgId, options) {
      const { rcvId, key } = queue
      try {
        const ack = { entityId: rcvId, key, command: { type: 'ACK', msgId } } as const
        const answer = await link(address).request(ack, options)
        if (answer.type === 'MSG')
          messages.emit({ address, rcvId, msgId: answer.msgId.slice(), body: answer.body.slice() })
      } catch (error) {
        // Acknowledged before, or the subscription was lost meanwhile. smp.md 5.5
        if (!(error instanceof RelayRefused && error.smpError.type === 'NO_MSG')) throw error
      }
    },
    onMessage: (handler) => messages.on(handler),
    onQueueEvent: (handler) => queueEvents.on(handler),
    status: (address) =>
      links.get(relayKey(address))?.status ?? { state: 'idle', since: deps.clock.now(), error: null },
    onStatus: (handler) => statuses.on(handler),
    retryNow: () => {
      for (const each of links.values()) each.retryNow()
    },
    test: (address, options) => testRelay(address, deps, options?.signal),
    async close() {
      closed = true
      await Promise.all([...links.values()].map((each) => each.close()))
    },
  }
}
