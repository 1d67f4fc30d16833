import { agentEnvelopeCodec, sealClientMessage, type AgentEnvelope } from '../../../core/agent/wire/index.ts'
import { isAppError } from '#core/base'
import type { RelayPool } from '#core/client'
import { generateEd25519, generateX25519, randomBytes, x25519 } from '#core/crypto'
import { encode } from '#core/encoding'
import type { Command } from '#core/protocol'
import { parsedContact, type Party } from './party.ts'
import type { World } from './setup.ts'

export const codeOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return isAppError(error) ? error.code : error
  }
  return undefined
}
export const count = (one: Party, table: string): number =>
  one.store.read((db) => db.get<{ n: number }>({ text: `SELECT count(*) AS n FROM ${table}`, params: [] }))!.n
export const accepted = (one: Party): number =>
  one.requests.filter(({ conn_id: connId }) => connId !== null).length

export function started(world: World): { alice: Party; bob: Party; carol: Party } {
  const carol = world.party('carol', world.relayB)
  for (const one of [world.alice, world.bob, carol]) one.start()
  return { alice: world.alice, bob: world.bob, carol }
}

/** Catches what is sent to a queue, as its relay sees it. */
export function tapped(one: Party): Extract<Command, { type: 'SEND' }>[] {
  const sent: Extract<Command, { type: 'SEND' }>[] = []
  const request = one.pool.request.bind(one.pool)
  one.pool.request = (address, what, options) => {
    if (what.command.type === 'SEND' && what.key === null) sent.push(what.command)
    return request(address, what, options)
  }
  return sent
}

/** A SEND to an address of anything at all, by somebody who holds only the link. */
export async function throwAt(
  one: { readonly pool: Pick<RelayPool, 'request'> },
  link: string,
  envelope: AgentEnvelope | Uint8Array,
  { withKey = false, bare = false } = {},
): Promise<void> {
  const [queue] = parsedContact(link).queues
  const once = generateX25519()
  const body = envelope instanceof Uint8Array ? envelope : encode(agentEnvelopeCodec, envelope)
  await one.pool.request(queue.server, {
    entityId: queue.senderId,
    key: null,
    command: {
      type: 'SEND',
      notify: true,
      body: sealClientMessage(
        x25519(once.privateKey, queue.dhKey),
        { version: 4, dhKey: bare ? null : once.publicKey, nonce: randomBytes(24) },
        {
          senderKey: withKey ? { algorithm: 'ed25519', raw: generateEd25519().publicKey } : null,
          body,
        },
      ),
    },
  })
}
