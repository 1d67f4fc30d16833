import { expect } from 'vitest'
import { sha3_384, systemRandom } from '#core/crypto'
import { type TestClient, aKey, askForQueue, authError, cmdError, ok } from '../integration/relay/client.ts'
import { send } from '../integration/relay/words.ts'
import type { Lines, Stage } from './smp-server.ts'

const LGET = { type: 'LGET' } as const
const LDEL = { type: 'LDEL' } as const

function someData() {
  const corrId = systemRandom.bytes(24)
  const sndId = sha3_384(corrId).subarray(0, 24)
  return { corrId, sndId, fixed: systemRandom.bytes(200), user: systemRandom.bytes(500) }
}

async function anInvitation(stage: Stage, client: TestClient) {
  const { corrId, ...link } = someData()
  const queue = await stage.queue(client, { corrId, request: { mode: 'M', link } })
  return { queue, link, linkId: queue.ids.linkId! }
}

async function anAddress(stage: Stage, client: TestClient) {
  const { corrId, ...link } = someData()
  const linkId = systemRandom.bytes(24)
  const queue = await stage.queue(client, { corrId, request: { mode: 'C', link: { linkId, ...link } } })
  return { queue, link, linkId }
}

export function linkLines({ line }: Lines): void {
  line('NEW: the sndId must come from the corrId; IDS has it, the mode and a linkId', async (stage) => {
    const client = await stage.client()
    const { password } = stage.server.address
    const { corrId: _corrId, ...link } = someData()
    const given = password === null ? null : new TextEncoder().encode(password)
    const { answer } = await askForQueue(client, { request: { mode: 'M', link }, password: given })
    expect(answer.response).toEqual(cmdError('PROHIBITED'))
    const made = await anInvitation(stage, client)
    expect(made.queue.sndId).toEqual(made.link.sndId)
    expect([made.queue.ids.mode, made.linkId.length]).toEqual(['M', 24])
  })

  line(
    'invitation: LGET is AUTH, LSET with the same fixed data OK, LKEY needs its own key and the linkId',
    async (stage) => {
      const client = await stage.client()
      const { queue, link, linkId } = await anInvitation(stage, client)
      const { fixed } = link
      expect(await client.say(LGET, linkId)).toEqual(authError)
      const set = { type: 'LSET', linkId, fixed, user: systemRandom.bytes(90) } as const
      expect(await client.say(set, queue.rcvId, queue.key.own)).toEqual(ok)
      const key = aKey()
      const claim = { type: 'LKEY', sndKey: key.public } as const
      expect(await client.say(claim, linkId)).toEqual(cmdError('NO_AUTH'))
      expect(await client.say(claim, linkId, aKey().own)).toEqual(authError)
      expect(await client.say(claim, queue.rcvId, key.own)).toEqual(authError)
      const data = { type: 'LNK', sndId: queue.sndId, fixed, user: set.user }
      expect(await client.say(claim, linkId, key.own)).toEqual(data)
      expect(await client.say(claim, linkId, key.own)).toEqual(data)
      const other = aKey()
      expect(await client.say({ type: 'LKEY', sndKey: other.public }, linkId, other.own)).toEqual(authError)
      expect(await client.say(set, queue.rcvId, queue.key.own)).toEqual(authError)
      expect(await client.say(LDEL, queue.rcvId, queue.key.own)).toEqual(ok)
    },
  )

  line('invitation: the first SEND after securing removes the link data', async (stage) => {
    const client = await stage.client()
    const { queue, linkId } = await anInvitation(stage, client)
    const key = aKey()
    const claim = { type: 'LKEY', sndKey: key.public } as const
    expect(await client.say(claim, linkId, key.own)).toMatchObject({ type: 'LNK' })
    expect(await client.say(send('x'), queue.sndId, key.own)).toEqual(ok)
    expect(await client.say(claim, linkId, key.own)).toEqual(authError)
  })

  line(
    'address: the linkId of the client, LGET for everybody and again, never signed, LKEY AUTH',
    async (stage) => {
      const client = await stage.client()
      const { queue, link, linkId } = await anAddress(stage, client)
      expect([queue.ids.mode, queue.ids.linkId]).toEqual(['C', linkId])
      const key = aKey()
      expect(await client.say({ type: 'LKEY', sndKey: key.public }, linkId, key.own)).toEqual(authError)
      expect(await client.say(LGET, linkId, key.own)).toEqual(cmdError('HAS_AUTH'))
      expect(await client.say(LGET, queue.rcvId)).toEqual(authError)
      const stranger = await stage.client()
      for (let i = 0; i < 2; i++) expect(await stranger.say(LGET, linkId)).toEqual({ type: 'LNK', ...link })
    },
  )

  line(
    'address: LSET changes the user data and nothing else, LDEL twice, then LGET is AUTH',
    async (stage) => {
      const client = await stage.client()
      const { queue, link, linkId } = await anAddress(stage, client)
      const { fixed } = link
      const user = systemRandom.bytes(300)
      const set = (more: { linkId?: Uint8Array; fixed?: Uint8Array }) =>
        client.say({ type: 'LSET', linkId, fixed, user, ...more }, queue.rcvId, queue.key.own)
      expect(await set({})).toEqual(ok)
      expect(await client.say(LGET, linkId)).toEqual({ type: 'LNK', ...link, user })
      expect(await set({ linkId: systemRandom.bytes(24) })).toEqual(authError)
      expect(await set({ fixed: systemRandom.bytes(200) })).toEqual(authError)
      for (let i = 0; i < 2; i++) expect(await client.say(LDEL, queue.rcvId, queue.key.own)).toEqual(ok)
      expect(await client.say(LGET, linkId)).toEqual(authError)
    },
  )
}
