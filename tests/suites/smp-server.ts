/**
 * What an SMP server must do, as behaviour that can be seen from outside: section 10 of smp.md, a test for each line.
 * Runs over real TLS against whatever `Subject` stands for: our relay, or any other server by its address.
 */
import { describe, test } from 'vitest'
import type { Clock } from '#core/base'
import type { VersionRange } from '#core/encoding'
import type { RelayAddress } from '#core/protocol'
import type { Blocking, RelayLimits } from '#core/relay'
import { TestClient, type QueueWishes, type TestQueue, aQueue } from '../integration/relay/client.ts'
import { afterTest } from '../integration/relay/setup.ts'
import { deliveryLines } from './smp-delivery.ts'
import { lastingLines } from './smp-lasting.ts'
import { linkLines } from './smp-links.ts'
import { notificationLines } from './smp-notifications.ts'
import { otherLines } from './smp-other.ts'
import { queueLines } from './smp-queues.ts'
import { syntaxLines } from './smp-syntax.ts'
import { timingLines } from './smp-timing.ts'

export interface ServerWishes {
  readonly clock?: Clock
  readonly storage?: 'disk' | 'memory'
  readonly limits?: Partial<RelayLimits>
  readonly password?: string | null
}

export interface Server {
  readonly address: RelayAddress
  /** The same server again, with what it had on disk. */
  restart(): Promise<Server>
  /** The operator closes a queue by its sender's or its link's id; null opens it again. */
  setBlocked(id: Uint8Array, blocking: Blocking | null): void
}

export interface Subject {
  /** Whether it can be told how to be, and be restarted. */
  readonly ours: boolean
  start(wishes?: ServerWishes): Promise<Server>
}

/** A server and the people of one test. */
export class Stage {
  server: Server

  constructor(server: Server) {
    this.server = server
  }

  async client(version?: number): Promise<TestClient> {
    const versions: VersionRange | undefined =
      version === undefined ? undefined : { min: version, max: version }
    const client = await TestClient.connect(this.server.address, versions)
    afterTest(() => client.close())
    return client
  }

  /** A queue of this client, with the password of the server's address. */
  queue(client: TestClient, wishes: QueueWishes = {}): Promise<TestQueue> {
    const { password } = this.server.address
    return aQueue(client, {
      password: password === null ? null : new TextEncoder().encode(password),
      ...wishes,
    })
  }

  async restart(): Promise<void> {
    this.server = await this.server.restart()
  }
}

export interface Lines {
  /** One line of the section. */
  line(what: string, check: (stage: Stage) => Promise<void>): void
  /** A line that needs a server of a certain kind, or its restart. */
  ourLine(what: string, wishes: ServerWishes, check: (stage: Stage) => Promise<void>): void
}

export function smpServerSuite(name: string, subject: Subject): void {
  const lines: Lines = {
    line(what, check) {
      test(what, async () => check(new Stage(await subject.start())))
    },
    ourLine(what, wishes, check) {
      test.skipIf(!subject.ours)(what, async () => check(new Stage(await subject.start(wishes))))
    },
  }
  describe(name, () => {
    describe('smp.md 10, creation, securing, suspending, deleting', () => {
      queueLines(lines)
    })
    describe('smp.md 10, subscriptions, delivery, quota', () => {
      deliveryLines(lines)
    })
    describe('smp.md 10, persistence, expiry, blocking', () => {
      lastingLines(lines)
    })
    describe('smp.md 10, timing', () => {
      timingLines(lines)
    })
    describe('smp.md 10, notifications', () => {
      notificationLines(lines)
    })
    describe('smp.md 10, links', () => {
      linkLines(lines)
    })
    describe('smp.md 10, syntax', () => {
      syntaxLines(lines)
    })
    describe('smp.md 10, transport, batches, the rest', () => {
      otherLines(lines)
    })
  })
}
