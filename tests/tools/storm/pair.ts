import { setTimeout as sleep } from 'node:timers/promises'
import { systemRandom } from '#core/crypto'
import { parseRelayAddress } from '#core/protocol'
import { TestClient, aQueue } from '../../integration/relay/client.ts'

/*
 * `pair.ts ADDRESS`: two people who talk, over connections that they keep, and somebody who connects anew every second.
 * Says how long each message took from SEND to the answer of its ACK, and each connection until its first answer.
 */

/** Between two messages, ms. */
const PAUSE = 10
const address = parseRelayAddress(process.argv[2] ?? '')

process.on('disconnect', () => process.exit())

async function talk(): Promise<never> {
  const [alice, bob] = [await TestClient.connect(address), await TestClient.connect(address)]
  const queue = await aQueue(alice)
  process.send?.({ ready: true })
  for (let i = 0; ; i++) {
    const body = systemRandom.bytes(100)
    const started = performance.now()
    const answer = await bob.say({ type: 'SEND', notify: false, body }, queue.sndId)
    if (answer.type !== 'OK') throw new Error(`the pair was told ${answer.type}`)
    const message = await alice.message(queue)
    if (message.type !== 'message' || Buffer.compare(message.body, body) !== 0)
      throw new Error('not what was said')
    const last = await alice.say({ type: 'ACK', msgId: message.msgId }, queue.rcvId, queue.key.own)
    if (last.type !== 'OK') throw new Error(`a message too many: ${last.type}`)
    process.send?.({ message: performance.now() - started })
    await sleep(PAUSE)
  }
}

async function arrive(): Promise<never> {
  for (;;) {
    await sleep(1_000)
    const started = performance.now()
    try {
      const client = await TestClient.connect(address)
      await client.say({ type: 'PING' })
      process.send?.({ arrival: performance.now() - started })
      client.close()
    } catch {
      process.send?.({ arrival: null })
    }
  }
}

void arrive()
await talk()
