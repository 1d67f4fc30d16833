import { statSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { join } from 'node:path'
import type { RelayStats } from '#core/relay'

/*
 * Figures in the text format of Prometheus (version 0.0.4). Sums only: no queue, no address, no person can be told
 * from another, and whoever reads them learns no more than how busy the relay is.
 */

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Bytes of a block. smp.md 2.6 */
const BLOCK = 16_384
const PREFIX = 'duplex_relay_'

interface Figure {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly value: number | ReadonlyMap<string, number>
  /** Name of the label when there are several values. */
  readonly label?: string
}

/** The returned function gives the text of now. */
export function metricsOf(stats: () => RelayStats, dataDir: string): () => string {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  return () => {
    const text = [...figuresOf(stats()), ...processFigures(dataDir, delay.percentile(99) / 1e9)]
      .map(written)
      .join('')
    delay.reset()
    return text
  }
}

function figuresOf(now: RelayStats): Figure[] {
  const { tally } = now
  const counter = (name: string, help: string, value: Figure['value'], label = ''): Figure => ({
    name: `${PREFIX}${name}_total`,
    type: 'counter',
    help,
    value,
    label,
  })
  const gauge = (name: string, help: string, value: number): Figure => ({
    name: `${PREFIX}${name}`,
    type: 'gauge',
    help,
    value,
  })
  return [
    gauge('connections', 'Clients that are connected.', now.connections),
    gauge('subscriptions', 'Queues that somebody listens to.', now.subscriptions),
    gauge('notifiers', 'Queues whose notifier is connected.', now.notifiers),
    gauge('queues', 'Queues on disk.', now.queues),
    counter('connections_accepted', 'Connections let in.', tally.accepted),
    counter('connections_refused', 'Connections refused at a limit.', now.refusedConnections),
    counter('handshakes', 'Handshakes that came to their end.', tally.handshakes),
    counter('handshakes_failed', 'Handshakes that did not, by kind.', tally.failedHandshakes, 'kind'),
    counter('commands', 'Commands by type.', tally.commands, 'type'),
    counter('errors', 'Errors answered, by kind.', tally.errors, 'kind'),
    counter('queues_created', 'Queues made.', now.queuesCreated),
    counter('queues_deleted', 'Queues deleted.', now.queuesDeleted),
    counter('messages_received', 'Messages taken from senders.', now.sent),
    counter('messages_delivered', 'Messages given to recipients, repeated ones too.', now.delivered),
    counter('messages_acknowledged', 'Messages that a recipient has acknowledged.', now.acknowledged),
    counter('messages_expired', 'Messages that waited for too long.', now.expired),
    counter('received_bytes', 'Bytes of blocks from clients.', tally.blocksIn * BLOCK),
    counter('sent_bytes', 'Bytes of blocks to clients.', tally.blocksOut * BLOCK),
    counter('commits', 'Transactions that were written to disk.', now.commits),
  ]
}

function processFigures(dataDir: string, loopDelay: number): Figure[] {
  const memory = process.memoryUsage()
  const cpu = process.cpuUsage()
  const started = Math.round(Date.now() / 1e3 - process.uptime())
  const gauge = (name: string, help: string, value: number): Figure => ({ name, type: 'gauge', help, value })
  return [
    gauge(`${PREFIX}store_bytes`, 'Size of the database and its log.', storeSize(dataDir)),
    gauge(`${PREFIX}event_loop_delay_p99_seconds`, 'How late things happen, since last asked.', loopDelay),
    gauge('process_resident_memory_bytes', 'Memory of the process.', memory.rss),
    gauge('nodejs_heap_used_bytes', 'Memory of its objects.', memory.heapUsed),
    gauge('nodejs_external_memory_bytes', 'Memory of its buffers.', memory.external),
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'Processor time.',
      value: (cpu.user + cpu.system) / 1e6,
    },
    gauge('process_start_time_seconds', 'When it started, Unix time.', started),
  ]
}

function storeSize(dataDir: string): number {
  const sizes = ['relay.db', 'relay.db-wal'].map(
    (name) => statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0,
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

function written({ name, type, help, value, label }: Figure): string {
  const head = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
  if (typeof value === 'number') return `${head}${name} ${value}\n`
  const lines = [...value].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return head + lines.map(([kind, count]) => `${name}{${label}="${kind}"} ${count}\n`).join('')
}
