import { expect } from 'vitest'
import { EMPTY, concatBytes, utf8 } from '#core/base'
import { encodeSpki, systemRandom } from '#core/crypto'
import type { Response } from '#core/protocol'
import { type TestClient, aKey, authError, blockError, cmdError } from '../integration/relay/client.ts'
import { PING } from '../integration/relay/words.ts'
import type { Lines } from './smp-server.ts'

const key = aKey()
const id = systemRandom.bytes(24)
const withLength = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(bytes.length), bytes)
const anAuthKey = withLength(encodeSpki(key.public))

interface Raw {
  readonly signed?: boolean
  readonly entity?: Uint8Array
}

async function raw(client: TestClient, command: string | Uint8Array, how: Raw = {}): Promise<Response> {
  const bytes = typeof command === 'string' ? utf8(command) : command
  const ask = { command: bytes, key: how.signed ? key.own : null, entity: how.entity ?? EMPTY }
  return (await client.ask(ask)).response
}

export function syntaxLines({ line }: Lines): void {
  line('unknown words, words of a server and SUB= are CMD UNKNOWN', async (stage) => {
    const client = await stage.client()
    for (const word of ['HELLO', 'OK', 'SUB=', 'sub', ''])
      expect(await raw(client, word, { signed: true, entity: id }), word).toEqual(cmdError('UNKNOWN'))
  })

  line('NEW: no or garbled parameters SYNTAX, unsigned NO_AUTH, with an entity HAS_AUTH', async (stage) => {
    const client = await stage.client()
    const dh = withLength(encodeSpki({ algorithm: 'x25519', raw: systemRandom.bytes(32) }))
    const whole = concatBytes(utf8('NEW '), anAuthKey, dh, utf8('0C1M00'))
    expect(await raw(client, whole)).toEqual(cmdError('NO_AUTH'))
    expect(await raw(client, whole, { signed: true, entity: id })).toEqual(cmdError('HAS_AUTH'))
    for (const command of ['NEW', 'NEW ', 'NEW garbled'])
      expect(await raw(client, command, { signed: true }), command).toEqual(cmdError('SYNTAX'))
  })

  line(
    'KEY and ACK: no parameter SYNTAX, without authorization or entity NO_AUTH, unknown queue AUTH',
    async (stage) => {
      const client = await stage.client()
      const whole = [concatBytes(utf8('KEY '), anAuthKey), concatBytes(utf8('ACK '), withLength(id))]
      for (const [i, word] of ['KEY', 'ACK'].entries()) {
        const command = whole[i]!
        expect(await raw(client, word, { signed: true, entity: id })).toEqual(cmdError('SYNTAX'))
        expect(await raw(client, command, { entity: id })).toEqual(cmdError('NO_AUTH'))
        expect(await raw(client, command, { signed: true })).toEqual(cmdError('NO_AUTH'))
        expect(await raw(client, command, { signed: true, entity: id })).toEqual(authError)
      }
    },
  )

  line(
    'SUB, OFF, DEL: parameters SYNTAX, without authorization or entity NO_AUTH, unknown queue AUTH',
    async (stage) => {
      const client = await stage.client()
      for (const word of ['SUB', 'OFF', 'DEL']) {
        expect(await raw(client, `${word} x`, { signed: true, entity: id })).toEqual(cmdError('SYNTAX'))
        expect(await raw(client, word, { entity: id })).toEqual(cmdError('NO_AUTH'))
        expect(await raw(client, word, { signed: true })).toEqual(cmdError('NO_AUTH'))
        expect(await raw(client, word, { signed: true, entity: id })).toEqual(authError)
      }
    },
  )

  line('SEND: no parameters SYNTAX, no entity NO_ENTITY, unknown queue AUTH; PING is PONG', async (stage) => {
    const client = await stage.client()
    expect(await raw(client, 'SEND', { entity: id })).toEqual(cmdError('SYNTAX'))
    expect(await raw(client, 'SEND T hello')).toEqual(cmdError('NO_ENTITY'))
    expect(await raw(client, 'SEND T hello', { entity: id })).toEqual(authError)
    expect(await raw(client, 'SEND T hello', { entity: id, signed: true })).toEqual(authError)
    expect(await raw(client, 'PING')).toEqual({ type: 'PONG' })
    expect(await raw(client, 'PING', { entity: id })).toEqual(cmdError('HAS_AUTH'))
  })

  line('content that is no batch is one ERR BLOCK, and the connection goes on', async (stage) => {
    const client = await stage.client()
    client.sendContent(Uint8Array.of(0))
    const { corrId, entityId, response } = await client.event()
    expect([corrId, entityId, response]).toEqual([EMPTY, EMPTY, blockError])
    expect(await client.say(PING)).toEqual({ type: 'PONG' })
  })

  line('a signature of a service outside of a service session is ERR SERVICE', async (stage) => {
    const client = await stage.client()
    const ask = { command: { type: 'NSUB' } as const, entity: id, key: key.own }
    const { response } = await client.ask({ ...ask, serviceSignature: systemRandom.bytes(64) })
    expect(response).toEqual({ type: 'ERR', error: { type: 'SERVICE' } })
  })
}
