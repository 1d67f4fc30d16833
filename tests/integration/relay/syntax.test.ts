import { describe, expect, test } from 'vitest'
import { EMPTY, concatBytes, utf8 } from '#core/base'
import { systemRandom } from '#core/crypto'
import { type Response, encodeBatch } from '#core/protocol'
import { type TestClient, aKey, aQueue, authError, blockError, cmdError } from './client.ts'
import { aClient, aRelay } from './setup.ts'

const id = systemRandom.bytes(24)
const key = aKey()
const spki = (kind: 'auth' | 'dh'): Uint8Array =>
  concatBytes(
    Uint8Array.of(44),
    new Uint8Array(
      Buffer.from(kind === 'auth' ? '302a300506032b6570032100' : '302a300506032b656e032100', 'hex'),
    ),
    kind === 'auth' ? key.public.raw : aKey('x25519').public.raw,
  )

/** Whatever the bytes are, signed or not. */
async function raw(
  client: TestClient,
  command: Uint8Array | string,
  options: { entity?: Uint8Array; signed?: boolean } = {},
) {
  const { entity = EMPTY, signed = false } = options
  const bytes = typeof command === 'string' ? utf8(command) : command
  const answer = await client.ask({ command: bytes, entity, key: signed ? key.own : null })
  expect(answer.entityId).toEqual(entity)
  return answer.response
}

describe('smp.md 10, syntax', () => {
  test('unknown words, and words of a server, are CMD UNKNOWN', async () => {
    const client = await aClient(await aRelay())
    for (const word of ['HELLO', 'OK', 'PONG', 'MSG x', 'SUB=', 'sub', '', ' '])
      expect(await raw(client, word, { entity: id, signed: true }), word).toEqual(cmdError('UNKNOWN'))
  })

  test('NEW: parameters, authorization, no entity', async () => {
    const client = await aClient(await aRelay())
    const good = concatBytes(utf8('NEW '), spki('auth'), spki('dh'), utf8('0S00'))
    expect(await raw(client, 'NEW', { signed: true })).toEqual(cmdError('SYNTAX'))
    expect(await raw(client, 'NEW 123', { signed: true })).toEqual(cmdError('SYNTAX'))
    expect(await raw(client, concatBytes(good, utf8('x')), { signed: true })).toEqual(cmdError('SYNTAX'))
    expect(await raw(client, good)).toEqual(cmdError('NO_AUTH'))
    expect(await raw(client, good, { entity: id, signed: true })).toEqual(cmdError('HAS_AUTH'))
    // A signing key where a DH key belongs.
    const wrongKind = concatBytes(utf8('NEW '), spki('auth'), spki('auth'), utf8('0S00'))
    expect(await raw(client, wrongKind, { signed: true })).toEqual(cmdError('SYNTAX'))
  })

  test('commands of the recipient: parameters, then credentials, then the queue', async () => {
    const client = await aClient(await aRelay())
    const withParameters: Record<string, Uint8Array> = {
      KEY: concatBytes(utf8('KEY '), spki('auth')),
      ACK: concatBytes(utf8('ACK '), Uint8Array.of(24), id),
    }
    for (const [word, good] of Object.entries(withParameters)) {
      expect(await raw(client, word, { entity: id, signed: true }), word).toEqual(cmdError('SYNTAX'))
      expect(await raw(client, good, { entity: id, signed: true }), word).toEqual(authError)
      expect(await raw(client, good, { entity: id }), word).toEqual(cmdError('NO_AUTH'))
      expect(await raw(client, good, { signed: true }), word).toEqual(cmdError('NO_AUTH'))
    }
    for (const word of ['SUB', 'GET', 'OFF', 'DEL', 'QUE', 'NDEL', 'LDEL', 'NSUB']) {
      expect(await raw(client, `${word} 1`, { entity: id, signed: true }), word).toEqual(cmdError('SYNTAX'))
      expect(await raw(client, word, { entity: id, signed: true }), word).toEqual(authError)
      expect(await raw(client, word, { entity: id }), word).toEqual(cmdError('NO_AUTH'))
      expect(await raw(client, word, { signed: true }), word).toEqual(cmdError('NO_AUTH'))
    }
  })

  test('SEND, LGET, PING', async () => {
    const client = await aClient(await aRelay())
    expect(await raw(client, 'SEND T hello', { entity: id, signed: true })).toEqual(authError)
    expect(await raw(client, 'SEND T hello', { entity: id })).toEqual(authError)
    expect(await raw(client, 'SEND', { entity: id })).toEqual(cmdError('SYNTAX'))
    expect(await raw(client, 'SEND X hello', { entity: id })).toEqual(cmdError('SYNTAX'))
    expect(await raw(client, 'SEND T hello')).toEqual(cmdError('NO_ENTITY'))
    expect(await raw(client, 'LGET')).toEqual(cmdError('NO_ENTITY'))
    expect(await raw(client, 'LGET', { entity: id, signed: true })).toEqual(cmdError('HAS_AUTH'))
    expect(await raw(client, 'LGET', { entity: id })).toEqual(authError)
    expect(await raw(client, 'PING')).toEqual({ type: 'PONG' })
    expect(await raw(client, 'PING', { entity: id })).toEqual(cmdError('HAS_AUTH'))
    expect(await raw(client, 'PING', { signed: true })).toEqual(cmdError('HAS_AUTH'))
  })

  test('flags of the future in SEND are skipped', async () => {
    const client = await aClient(await aRelay())
    const queue = await aQueue(client)
    expect(await raw(client, 'SEND Tabc hello', { entity: queue.sndId })).toEqual({ type: 'OK' })
    const message = await client.message(queue)
    expect(message.type === 'message' && message.notify && new TextDecoder().decode(message.body)).toBe(
      'hello',
    )
  })

  test('proxying and services are refused by name', async () => {
    const client = await aClient(await aRelay())
    const relay = concatBytes(
      Uint8Array.of(1, 1),
      utf8('h'),
      Uint8Array.of(0, 32),
      systemRandom.bytes(32),
      utf8('0'),
    )
    const proxied = (type: 'BASIC_AUTH' | 'NO_SESSION'): Response => ({
      type: 'ERR',
      error: { type: 'PROXY', error: { type } },
    })
    expect(await raw(client, concatBytes(utf8('PRXY '), relay))).toEqual(proxied('BASIC_AUTH'))
    const forward = concatBytes(utf8('PFWD '), Uint8Array.of(0, 18), spki('dh'), utf8('encrypted'))
    expect(await raw(client, forward, { entity: id })).toEqual(proxied('NO_SESSION'))
    expect(await raw(client, 'RFWD encrypted')).toEqual({ type: 'ERR', error: { type: 'CRYPTO' } })
    for (const word of ['SUBS', 'NSUBS'])
      expect(await raw(client, word, { entity: id, signed: true })).toEqual(cmdError('PROHIBITED'))
    const service = await client.ask({
      command: { type: 'NSUB' },
      entity: id,
      key: key.own,
      serviceSignature: systemRandom.bytes(64),
    })
    expect(service.response).toEqual({ type: 'ERR', error: { type: 'SERVICE' } })
  })
})

describe('smp.md 4, blocks and transmissions that do not parse', () => {
  test('content that is no batch gets one ERR BLOCK, and the connection goes on', async () => {
    const client = await aClient(await aRelay())
    const bad = [
      EMPTY,
      Uint8Array.of(0),
      Uint8Array.of(1),
      Uint8Array.of(1, 0, 9, 1),
      Uint8Array.of(1, 0, 1, 0, 7),
    ]
    for (const content of bad) {
      client.sendContent(content)
      const event = await client.event()
      expect(event.response).toEqual(blockError)
      expect([event.corrId.length, event.entityId.length]).toEqual([0, 0])
    }
    expect(await client.say({ type: 'PING' })).toEqual({ type: 'PONG' })
  })

  test('a broken transmission does not harm its neighbours', async () => {
    const client = await aClient(await aRelay())
    const corrId = systemRandom.bytes(24)
    const ping = client.transmission({ command: { type: 'PING' }, corrId })
    client.sendContent(encodeBatch([Uint8Array.of(200), ping, Uint8Array.of(0, 24)]))
    const events = [await client.event(), await client.event(), await client.event()]
    expect(events.map((event) => event.response)).toEqual([blockError, { type: 'PONG' }, blockError])
    expect(events[1]!.corrId).toEqual(corrId)
  })

  test('an authorization of an unknown length is ERR BLOCK under the corrId', async () => {
    const client = await aClient(await aRelay())
    const answer = await client.ask({ command: { type: 'SUB' }, entity: id, auth: systemRandom.bytes(65) })
    expect(answer.response).toEqual(blockError)
    expect(answer.entityId).toHaveLength(0)
  })
})
