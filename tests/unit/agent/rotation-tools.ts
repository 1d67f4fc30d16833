import { randomBytes } from '#core/crypto'
import { relayKey, type RelayAddress } from '#core/protocol'
import { nextSndQueueOf, sndQueueOf, sql } from '#core/store'
import { serverAddress } from '../../../core/agent/addresses.ts'
import { type Party, until } from './party.ts'
import { RotatingPeer } from './rotating-peer.ts'
import { connect, makeWorld, type World } from './setup.ts'

export const rows = (one: Party): number =>
  one.store.read((db) => db.get<{ n: number }>(sql`SELECT count(*) AS n FROM agent_snd_queue`))!.n
/** Where messages go. */
const sendsTo = (one: Party): RelayAddress =>
  serverAddress(one.store.read((db) => sndQueueOf(db, one.connId!))!.server)
export const isAt = (one: Party, relay: RelayAddress): boolean => relayKey(sendsTo(one)) === relayKey(relay)
export const hasMoved = (one: Party, relay: RelayAddress): boolean => isAt(one, relay) && rows(one) === 1
export const newQueue = (one: Party): string | undefined =>
  one.store.read((db) => nextSndQueueOf(db, one.connId!))?.status
export const wrong = (one: Party): string[] =>
  ['integrity', 'undecryptable', 'failed', 'send-failed'].flatMap((kind) => one.details(kind))

export interface Scene extends AsyncDisposable {
  readonly world: World
  readonly alice: Party
  readonly peer: RotatingPeer
  readonly relayC: RelayAddress
  readonly relayD: RelayAddress
}

export const another = (host: string): RelayAddress => ({
  hosts: [host],
  port: '',
  keyHash: randomBytes(32),
  password: null,
})

/** Alice has sent three messages to somebody who received them and is about to move. */
export async function scene(): Promise<Scene> {
  const world = makeWorld()
  const { alice, bob, network } = world
  alice.start()
  bob.start()
  await connect(alice, bob)
  await until(() => alice.sendUpTo(3))
  await until(() => alice.details('receipt').length === 3 && alice.pending + bob.pending === 0)
  const peer = await RotatingPeer.takeOver(bob, () => network.pool('bob'))
  return {
    world,
    alice,
    peer,
    relayC: another('c.example.org'),
    relayD: another('d.example.org'),
    async [Symbol.asyncDispose]() {
      await peer.close()
      await world[Symbol.asyncDispose]()
    },
  }
}

/** The relay answers again, to everybody. */
export function back({ world: { network } }: Scene, relay: RelayAddress): void {
  network.offline.delete(relayKey(relay))
  for (const name of ['alice', 'bob']) network.poolOf(name)?.online(relay)
}
