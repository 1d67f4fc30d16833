import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TLSSocket, connect as connectTls } from 'node:tls'
import { systemClock } from '#core/base'
import { systemRandom } from '#core/crypto'
import { type Command, type RelayAddress, encodeBatch } from '#core/protocol'
import { SocketBlocks, clientHandshake, dialTls } from '#core/transport'
import { TestClient, aKey, aQueue } from '../../integration/relay/client.ts'

/* What strangers do to a relay. Each ends by itself or is left as it is after `ATTACK_TIME`. */

/** For how long a slow one is slow, ms. */
export const ATTACK_TIME = 4_000
const BLOCK = 16_384

const below = (limit: number): number => new DataView(systemRandom.bytes(4).buffer).getUint32(0) % limit
const quiet = <T extends Socket>(socket: T): T => socket.on('error', () => {})

export type Attack = (address: RelayAddress) => Promise<void>

function tcp({ port }: RelayAddress): Socket {
  return quiet(connect(Number(port), '127.0.0.1'))
}

async function tls({ port }: RelayAddress): Promise<TLSSocket> {
  const options = {
    ALPNProtocols: ['smp/1'],
    ciphers: 'TLS_CHACHA20_POLY1305_SHA256',
    rejectUnauthorized: false,
  }
  const socket = quiet(connectTls({ host: '127.0.0.1', port: Number(port), ...options }))
  await once(socket, 'secureConnect')
  return socket
}

function handshakeOptions({ keyHash }: RelayAddress) {
  return { keyHash, clock: systemClock, random: systemRandom, signal: AbortSignal.timeout(ATTACK_TIME) }
}

/** A client that has come through the door, and the socket under it. */
async function insider(address: RelayAddress): Promise<{ client: TestClient; socket: TLSSocket }> {
  const socket = await tls(address)
  const leafDer = new Uint8Array(socket.getPeerX509Certificate()!.raw)
  const connection = {
    blocks: new SocketBlocks(socket, systemClock),
    sessionId: new Uint8Array(socket.getFinished()!),
    leafDer,
  }
  return { client: new TestClient(await clientHandshake(connection, handshakeOptions(address))), socket }
}

async function dribble(socket: Socket, chunk: () => Uint8Array): Promise<void> {
  const end = performance.now() + ATTACK_TIME
  while (performance.now() < end && !socket.destroyed) {
    socket.write(chunk())
    await sleep(100)
  }
  socket.destroy()
}

export const attacks: Readonly<Record<string, Attack>> = {
  async randomBytes(address) {
    const socket = tcp(address)
    socket.resume()
    socket.write(systemRandom.bytes(below(20_000)))
    if (below(2) === 0) socket.destroy()
    else await once(socket, 'close')
  },

  async cutTls(address) {
    const raw = tcp(address)
    const socket = quiet(connectTls({ socket: raw, ALPNProtocols: ['smp/1'], rejectUnauthorized: false }))
    await sleep(below(10))
    raw.destroy()
    socket.destroy()
  },

  async tlsThatBeginsAndWaits(address) {
    const socket = tcp(address)
    socket.write(Uint8Array.of(0x16, 3, 1, 2, 0))
    await dribble(socket, () => Uint8Array.of(1))
  },

  async tlsAndNoHello(address) {
    const socket = await tls(address)
    socket.resume()
    await sleep(ATTACK_TIME)
    socket.destroy()
  },

  async helloInPieces(address) {
    const socket = await tls(address)
    socket.resume()
    await dribble(socket, () => systemRandom.bytes(20))
  },

  async randomBlocks(address) {
    const socket = await tls(address)
    socket.resume()
    socket.write(systemRandom.bytes(below(3) === 0 ? below(BLOCK) : BLOCK * (1 + below(3))))
    if (below(2) === 0) socket.destroy()
    else socket.end()
  },

  async handshakeAndGone(address) {
    const { client, socket } = await insider(address)
    if (below(2) === 0) socket.destroy()
    else client.close()
  },

  async nonsenseInBlocks(address) {
    const { client } = await insider(address)
    const key = aKey()
    for (let i = 0; i < 20; i++) {
      const command: Command = { type: 'SEND', notify: true, body: systemRandom.bytes(below(200)) }
      const bytes = client.transmission({ command, entity: systemRandom.bytes(24), key: key.own })
      for (let j = below(4); j > 0; j--) bytes[below(bytes.length)] = below(256)
      client.sendContent(below(3) === 0 ? systemRandom.bytes(below(2_000)) : encodeBatch([bytes, bytes]))
    }
    client.close()
  },

  async replayedBlocks(address) {
    const { signal } = handshakeOptions(address)
    const connection = await dialTls(address, { signal, clock: systemClock })
    const sent: Uint8Array[] = []
    const write = connection.blocks.send.bind(connection.blocks)
    connection.blocks.send = (block) => {
      sent.push(block)
      return write(block)
    }
    const client = new TestClient(await clientHandshake(connection, handshakeOptions(address)))
    await client.say({ type: 'PING' })
    for (const block of sent) write(block).catch(() => {})
    await client.untilClosed()
  },

  /** Signed once, checked by the relay every time: the dearest thing that a stranger can ask for. */
  async signaturesToCheck(address) {
    const { client, socket } = await insider(address)
    const key = aKey('ed448')
    const one = client.transmission({
      command: { type: 'SUB' },
      entity: systemRandom.bytes(24),
      key: key.own,
    })
    const content = encodeBatch(Array.from({ length: 80 }, () => one))
    const end = performance.now() + ATTACK_TIME / 2
    while (performance.now() < end && !client.closed) {
      await client.session.blocks.send(content)
      await sleep(0)
    }
    socket.destroy()
  },

  async slowReader(address) {
    const { client, socket } = await insider(address)
    const queue = await aQueue(client, { subscribe: false })
    await client.say({ type: 'SEND', notify: false, body: systemRandom.bytes(16_000) }, queue.sndId)
    client.session.blocks.pause()
    const ask = { command: { type: 'GET' }, entity: queue.rcvId, key: queue.key.own } as const
    const content = encodeBatch(Array.from({ length: 100 }, () => client.transmission(ask)))
    for (let i = 0; i < 20; i++) client.sendContent(content)
    await sleep(ATTACK_TIME)
    socket.destroy()
  },

  async slowWriter(address) {
    const { socket } = await insider(address)
    await dribble(socket, () => systemRandom.bytes(20))
  },
}
