import { describe, expect, test } from 'vitest'
import { EMPTY, equalBytes, deadline, systemClock } from '#core/base'
import { generateX25519, nonceFrom, sha3_384, systemRandom, x25519 } from '#core/crypto'
import {
  type AuthKey,
  type Command,
  type Response,
  answerNonce,
  authorize,
  bytesForAuth,
  decodeBatch,
  decodeServerTransmission,
  encodeBatch,
  encodeBody,
  encodeClientTransmission,
  encodeCommand,
  openForwardedAnswer,
  openForwardedBlock,
  sealForwarded,
  sealForwardedBlock,
} from '#core/protocol'
import { type ClientSession, clientHandshake, dialTls } from '#core/transport'
import type { Relay } from '#core/relay'
import { KEY_KINDS, TestClient, aKey, aQueue, authError, cmdError, largeError, ok } from './client.ts'
import { aClient, aRelay, afterTest } from './setup.ts'
import { DEL, SUB, bodyOf, send } from './words.ts'

/** A relay that passes commands on, and the client behind it: both ends of every box. */
async function aProxy(
  relay: Relay,
  proxyServer = true,
): Promise<{ client: TestClient; session: ClientSession }> {
  using limit = deadline(systemClock, 20_000, undefined)
  const { signal } = limit
  const connection = await dialTls(relay.address, { signal, clock: systemClock })
  const { keyHash } = relay.address
  const session = await clientHandshake(connection, {
    keyHash,
    clock: systemClock,
    random: systemRandom,
    signal,
    proxyServer,
  })
  const client = new TestClient(session)
  afterTest(() => client.close())
  return { client, session }
}

interface Hidden {
  readonly command: Command
  readonly entity: Uint8Array
  readonly key?: AuthKey | null
  readonly version?: number
}

/** As the relay gets it: inner block, box of the client, box of the proxy. */
function wrap(session: ClientSession, hidden: Hidden, content?: Uint8Array) {
  const { sessionId, serverKey, secret } = session
  const { command, entity, key = null, version = 17 } = hidden
  const corrId = systemRandom.bytes(24)
  const commandKey = generateX25519(systemRandom)
  const clientSecret = x25519(commandKey.privateKey, serverKey)
  const body = encodeBody({ corrId, entityId: entity, command: encodeCommand(command, version) })
  const auth = authorize(key, serverKey, corrId, bytesForAuth(sessionId, body))
  const block = content ?? encodeBatch([encodeClientTransmission(version, sessionId, auth, body)])
  const encrypted = sealForwardedBlock(clientSecret, nonceFrom(corrId), block)
  const outerId = systemRandom.bytes(24)
  const sealed = sealForwarded(secret, outerId, {
    corrId,
    version,
    commandKey: commandKey.publicKey,
    encrypted,
  })
  const open = (response: Response): Response => {
    if (response.type !== 'RRES') throw new Error(`no RRES but ${JSON.stringify(response)}`)
    const answer = openForwardedAnswer(secret, outerId, response.encrypted)
    if (!equalBytes(answer.corrId, corrId)) throw new Error('an answer to another client')
    const inner = openForwardedBlock(clientSecret, answerNonce(corrId), answer.encrypted)
    const items = decodeBatch(inner)
    if (items.length !== 1) throw new Error('not one answer')
    const decoded = decodeServerTransmission(items[0]!, version)
    if (!decoded.response) throw decoded.undecodable
    return decoded.response
  }
  return { corrId: outerId, command: { type: 'RFWD', encrypted: sealed } as const, open }
}

async function through(proxy: Awaited<ReturnType<typeof aProxy>>, hidden: Hidden): Promise<Response> {
  const wrapped = wrap(proxy.session, hidden)
  return wrapped.open((await proxy.client.ask(wrapped)).response)
}

describe('smp.md 5.6, the relay that a proxy forwards to', () => {
  test.each(KEY_KINDS)(
    'the largest message passes, unsecured and under a sender key of kind %s',
    async (kind) => {
      const relay = await aRelay()
      const proxy = await aProxy(relay)
      const alice = await aClient(relay)
      const queue = await aQueue(alice)
      const body = systemRandom.bytes(16_048)
      expect(await through(proxy, { command: send(body), entity: queue.sndId })).toEqual(ok)
      const first = await alice.message(queue)
      expect(first.type === 'message' && equalBytes(first.body, body)).toBe(true)
      const sender = aKey(kind)
      const secure: Command = { type: 'SKEY', sndKey: sender.public }
      expect(await through(proxy, { command: secure, entity: queue.sndId, key: sender.own })).toEqual(ok)
      expect(await through(proxy, { command: send(body), entity: queue.sndId })).toEqual(authError)
      const signed = { command: send(body), entity: queue.sndId, key: sender.own }
      expect(await through(proxy, signed)).toEqual(ok)
      expect(await alice.say({ type: 'ACK', msgId: first.msgId }, queue.rcvId, queue.key.own)).toMatchObject({
        type: 'MSG',
      })
    },
  )

  test('the size limit is that of the forwarded version', async () => {
    const relay = await aRelay()
    const proxy = await aProxy(relay)
    const queue = await aQueue(await aClient(relay), { subscribe: false })
    const body = systemRandom.bytes(16_049)
    expect(await through(proxy, { command: send(body), entity: queue.sndId, version: 11 })).toEqual(
      largeError,
    )
    expect(await through(proxy, { command: send(body), entity: queue.sndId, version: 10 })).toEqual(ok)
  })

  test('links can be claimed and read', async () => {
    const relay = await aRelay()
    const proxy = await aProxy(relay)
    const client = await aClient(relay)
    const linkId = systemRandom.bytes(24)
    const corrId = systemRandom.bytes(24)
    const sndId = sha3_384(corrId).subarray(0, 24)
    const data = { fixed: systemRandom.bytes(2_088), user: systemRandom.bytes(13_864) }
    await aQueue(client, { corrId, request: { mode: 'C', link: { linkId, sndId, ...data } } })
    const link = { type: 'LNK', sndId, ...data }
    expect(await through(proxy, { command: { type: 'LGET' }, entity: linkId })).toEqual(link)
    const key = aKey()
    const claim: Command = { type: 'LKEY', sndKey: key.public }
    expect(await through(proxy, { command: claim, entity: linkId, key: key.own })).toEqual(authError)
  })

  test('nothing but SEND, SKEY, LKEY and LGET', async () => {
    const relay = await aRelay()
    const proxy = await aProxy(relay)
    const alice = await aClient(relay)
    const queue = await aQueue(alice)
    for (const command of [SUB, DEL, { type: 'GET' }, { type: 'OFF' }] as const)
      expect(await through(proxy, { command, entity: queue.rcvId, key: queue.key.own })).toEqual(
        cmdError('PROHIBITED'),
      )
    expect(await through(proxy, { command: { type: 'PING' }, entity: EMPTY })).toEqual(cmdError('PROHIBITED'))
    expect(await through(proxy, { command: send('x'), entity: EMPTY })).toEqual(cmdError('NO_ENTITY'))
    expect(await alice.settled()).toEqual([])
  })

  test('what does not open is ERR CRYPTO, what does not parse inside is ERR BLOCK inside, and both go on', async () => {
    const relay = await aRelay()
    const proxy = await aProxy(relay)
    const queue = await aQueue(await aClient(relay))
    const hidden = { command: send('x'), entity: queue.sndId }
    const crypto = { type: 'ERR', error: { type: 'CRYPTO' } }
    const { command } = wrap(proxy.session, hidden)
    // The box is bound to the corrId of its transmission: another one does not open it.
    expect(await proxy.client.say(command)).toEqual(crypto)
    expect(await proxy.client.say({ type: 'RFWD', encrypted: systemRandom.bytes(40) })).toEqual(crypto)
    for (const content of [
      new Uint8Array(0),
      Uint8Array.of(0),
      encodeBatch([Uint8Array.of(1), Uint8Array.of(2)]),
    ]) {
      const broken = wrap(proxy.session, hidden, content)
      expect(broken.open((await proxy.client.ask(broken)).response)).toEqual({
        type: 'ERR',
        error: { type: 'BLOCK' },
      })
    }
    const future = wrap(proxy.session, { ...hidden, version: 19 })
    expect((await proxy.client.ask(future)).response).toMatchObject({ type: 'ERR', error: { type: 'PROXY' } })
    expect(await through(proxy, hidden)).toEqual(ok)
  })

  test('a hundred clients behind one proxy, all at once, lose nothing', async () => {
    const relay = await aRelay()
    const proxy = await aProxy(relay)
    const alice = await aClient(relay)
    const queue = await aQueue(alice)
    const texts = Array.from({ length: 100 }, (_, i) => `${i}`)
    const answers = await Promise.all(
      texts.map((text) => through(proxy, { command: send(text), entity: queue.sndId })),
    )
    expect(answers).toEqual(texts.map(() => ok))
    let message = await alice.message(queue)
    const found: string[] = []
    for (;;) {
      found.push(bodyOf(message))
      const next = await alice.say({ type: 'ACK', msgId: message.msgId }, queue.rcvId, queue.key.own)
      if (next.type === 'OK') break
      message = queue.open(next)
    }
    expect(found).toEqual(texts)
  })
})
