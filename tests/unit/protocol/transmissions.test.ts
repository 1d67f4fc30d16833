import { describe, expect, test } from 'vitest'
import { EMPTY, concatBytes, fromHex, toHex } from '#core/base'
import {
  cryptoReady,
  ed25519PublicKey,
  ed448PublicKey,
  generateEd25519,
  generateEd448,
  generateX25519,
  systemRandom,
  x25519,
  x25519PublicKey,
} from '#core/crypto'
import {
  type AuthKey,
  BATCH_LIMIT,
  authorize,
  bytesForAuth,
  decodeBatch,
  decodeClientHello,
  decodeRecipientMessage,
  decodeServerHello,
  decodeServerTransmission,
  encodeBatch,
  encodeBody,
  encodeClientHello,
  encodeClientTransmission,
  encodeServerHello,
  encodeServerTransmission,
  openMessageBody,
  openNotificationMeta,
  packBatches,
  parseClientTransmission,
  sealMessageBody,
  sealNotificationMeta,
  verifyAuthorization,
} from '#core/protocol'

await cryptoReady()

const bytes = (length: number): Uint8Array => systemRandom.bytes(length)
const sessionId = bytes(32)
const command = fromHex('535542')
const server = generateX25519(systemRandom)
const agree = (raw: Uint8Array): Uint8Array => x25519(server.privateKey, raw)

function body() {
  return { corrId: bytes(24), entityId: bytes(24), command }
}

describe('smp.md 4.2: transmissions of a client', () => {
  const keys = [
    ['ed25519', generateEd25519, ed25519PublicKey, 64],
    ['ed448', generateEd448, ed448PublicKey, 114],
    ['x25519', generateX25519, x25519PublicKey, 80],
  ] as const

  test.each(keys)(
    '%s: made, parsed, and verified by the right key only',
    (algorithm, make, publicOf, size) => {
      const { privateKey } = make(systemRandom)
      const own: AuthKey = { algorithm, privateKey }
      const said = body()
      const wire = encodeBody(said)
      const auth = authorize(own, server.publicKey, said.corrId, bytesForAuth(sessionId, wire))
      expect(auth).toHaveLength(size)
      for (const version of [8, 15, 16, 18]) {
        const parsed = parseClientTransmission(
          encodeClientTransmission(version, sessionId, auth, wire),
          version,
          sessionId,
        )
        if (!parsed.ok) return expect.unreachable()
        const { transmission } = parsed
        expect(transmission).toMatchObject({ ...said, serviceSignature: null })
        const verify = (raw: Uint8Array, forAuth = transmission.forAuth): boolean =>
          verifyAuthorization({ algorithm, raw }, transmission.auth, agree, transmission.corrId, forAuth)
        expect(verify(publicOf(privateKey))).toBe(true)
        expect(verify(publicOf(make(systemRandom).privateKey))).toBe(false)
        expect(verify(publicOf(privateKey), bytesForAuth(bytes(32), wire))).toBe(false)
        for (const [other] of keys.filter(([each]) => each !== algorithm)) {
          const key = { algorithm: other, raw: publicOf(privateKey) }
          const { corrId, forAuth } = transmission
          expect(verifyAuthorization(key, transmission.auth, agree, corrId, forAuth)).toBe(false)
        }
      }
    },
  )

  test('without authorization there is one zero byte and no service slot', () => {
    const wire = encodeClientTransmission(18, sessionId, EMPTY, encodeBody(body()))
    expect(toHex(wire.slice(0, 2))).toBe('0018')
    expect(authorize(null, server.publicKey, bytes(24), EMPTY)).toEqual(EMPTY)
    const parsed = parseClientTransmission(wire, 18, sessionId)
    expect(parsed).toMatchObject({ ok: true, transmission: { auth: { kind: 'none' } } })
  })

  test('an authorization of no known length is ERR BLOCK with the corrId and without the entity', () => {
    const said = body()
    const wire = encodeClientTransmission(18, sessionId, bytes(63), encodeBody(said))
    expect(parseClientTransmission(wire, 18, sessionId)).toEqual({
      ok: false,
      error: { type: 'BLOCK' },
      corrId: said.corrId,
      entityId: EMPTY,
    })
  })

  test('what does not parse is ERR BLOCK without ids', () => {
    const whole = encodeClientTransmission(18, sessionId, bytes(64), encodeBody(body()))
    for (const wire of [EMPTY, whole.slice(0, 60), whole.slice(0, 90), Uint8Array.of(0, 5)]) {
      expect(parseClientTransmission(wire, 18, sessionId)).toEqual({
        ok: false,
        error: { type: 'BLOCK' },
        corrId: EMPTY,
        entityId: EMPTY,
      })
    }
  })

  test('version 6 carries the session id; another one is ERR SESSION', () => {
    const said = body()
    const wire = encodeClientTransmission(6, sessionId, bytes(64), encodeBody(said))
    expect(parseClientTransmission(wire, 6, sessionId)).toMatchObject({ ok: true, transmission: said })
    expect(parseClientTransmission(wire, 6, bytes(32))).toMatchObject({
      ok: false,
      error: { type: 'SESSION' },
    })
  })
})

describe('smp.md 4.2: transmissions of a relay', () => {
  test('keep their ids when the rest does not parse', () => {
    const ids = { corrId: bytes(24), entityId: bytes(24) }
    const good = encodeServerTransmission({ ...ids, response: { type: 'OK' } }, 18)
    expect(good[0]).toBe(0)
    expect(decodeServerTransmission(good, 18)).toEqual({ ...ids, response: { type: 'OK' } })
    const bad = concatBytes(good, Uint8Array.of(1))
    expect(decodeServerTransmission(bad, 18)).toMatchObject({ ...ids, response: null })
    expect(() => decodeServerTransmission(good.slice(0, 10), 18)).toThrow(
      expect.objectContaining({ code: 'encoding.decode' }),
    )
  })
})

describe('smp.md 4.1: batches', () => {
  test('135 signed SUBs, 255 ENDs and 80 NMSGs fit one block each, and one more does not', () => {
    const items = (count: number, length: number) => Array.from({ length: count }, () => bytes(length))
    for (const [count, length] of [
      [135, 119],
      [255, 30],
      [80, 202],
    ] as const) {
      expect(packBatches(items(count, length))).toHaveLength(1)
      expect(packBatches(items(count + 1, length))).toMatchObject([{ count: 1 }, { count }])
    }
  })

  test('an item that fits no block is an error for itself only, and the order holds', () => {
    const small = [bytes(3), bytes(3), bytes(3)]
    const batches = packBatches([small[0]!, bytes(BATCH_LIMIT - 1), small[1]!, small[2]!])
    expect(batches).toMatchObject([{ count: 1 }, { error: 'LARGE_MSG' }, { count: 2 }])
    expect(packBatches([bytes(BATCH_LIMIT - 2)])).toMatchObject([{ count: 1 }])
    const contents = batches.flatMap((batch) => ('content' in batch ? decodeBatch(batch.content) : []))
    expect(contents).toEqual(small)
    expect(packBatches([])).toEqual([])
  })

  test('empty, none, short and more than there is are refused', () => {
    for (const content of ['', '00', '01', '010003616263'.slice(0, 10), '0100016100'])
      expect(() => decodeBatch(fromHex(content))).toThrow(
        expect.objectContaining({ code: 'encoding.decode' }),
      )
    expect(() => encodeBatch([])).toThrow()
  })
})

describe('smp.md 3.2 and 3.4: hellos', () => {
  const keyHash = bytes(32)
  const key = generateX25519(systemRandom).publicKey

  test('the ordinary client hello of version 18 is 82 bytes', () => {
    const hello = { version: 18, keyHash, key, proxyServer: false, service: null }
    const wire = encodeClientHello(hello)
    expect(wire).toHaveLength(82)
    expect(decodeClientHello(wire)).toEqual(hello)
    expect(decodeClientHello(concatBytes(wire, bytes(20)))).toEqual(hello)
  })

  test('a client hello without a key has no byte for it', () => {
    for (const version of [7, 13, 14, 16]) {
      const hello = { version, keyHash, key: null, proxyServer: false, service: null }
      expect(decodeClientHello(encodeClientHello(hello))).toEqual(hello)
    }
    const proxy = { version: 14, keyHash, key, proxyServer: true, service: null }
    expect(decodeClientHello(encodeClientHello(proxy))).toEqual(proxy)
  })

  test('a server hello of version 6 has no identity, and later ones must have one', () => {
    const old = { versions: { min: 6, max: 6 }, sessionId, identity: null }
    expect(decodeServerHello(encodeServerHello(old))).toEqual(old)
    const identity = { chain: [bytes(9), bytes(8)], signedKey: bytes(7) }
    const hello = { versions: { min: 8, max: 18 }, sessionId, identity }
    expect(decodeServerHello(concatBytes(encodeServerHello(hello), bytes(5)))).toEqual(hello)
    expect(() => decodeServerHello(encodeServerHello({ ...hello, identity: null }))).toThrow()
  })
})

describe('smp.md 7: the message for the recipient', () => {
  const secret = bytes(32)
  const msgId = bytes(24)
  const brokerTs = 1_700_000_000_000

  test('is always of one size, and the same at every redelivery', () => {
    const sealed = [0, 1, 16_048, 16_064].map((size) =>
      sealMessageBody(secret, msgId, { type: 'message', brokerTs, notify: true, body: bytes(size) }),
    )
    const marker = sealMessageBody(secret, msgId, { type: 'quota', brokerTs })
    expect([...sealed, marker].map(({ length }) => length)).toEqual([16_122, 16_122, 16_122, 16_122, 16_122])
    expect(sealMessageBody(secret, msgId, { type: 'quota', brokerTs })).toEqual(marker)
    expect(openMessageBody(secret, msgId, marker)).toEqual({ type: 'quota', brokerTs })
    expect(() => openMessageBody(secret, bytes(24), marker)).toThrow(
      expect.objectContaining({ code: 'crypto.box' }),
    )
  })

  test('loses fractions of seconds, keeps spaces in the body, skips flags of the future', () => {
    const plain = {
      type: 'message',
      brokerTs: brokerTs + 999,
      notify: false,
      body: fromHex('20544620'),
    } as const
    expect(openMessageBody(secret, msgId, sealMessageBody(secret, msgId, plain))).toEqual({
      ...plain,
      brokerTs,
    })
    expect(decodeRecipientMessage(fromHex('00000000000000015478797a20ff'))).toEqual({
      type: 'message',
      brokerTs: 1000,
      notify: true,
      body: fromHex('ff'),
    })
  })

  test.each([
    '',
    '0000',
    '000000000000000154',
    '000000000000000158 20'.replace(' ', ''),
    '7fffffffffffffff5420',
  ])('the plaintext %s is refused', (hex) => {
    expect(() => decodeRecipientMessage(fromHex(hex))).toThrow(
      expect.objectContaining({ code: 'encoding.decode' }),
    )
  })

  test('the metadata of a notification has 144 bytes', () => {
    const nonce = bytes(24)
    const meta = sealNotificationMeta(secret, nonce, { msgId, brokerTs })
    expect(meta).toHaveLength(144)
    expect(openNotificationMeta(secret, nonce, meta)).toEqual({ msgId, brokerTs })
  })
})
