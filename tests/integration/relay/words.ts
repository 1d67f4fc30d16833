import { utf8 } from '#core/base'
import type { Command, Response } from '#core/protocol'
import type { TestClient, TestQueue } from './client.ts'

export const SUB: Command = { type: 'SUB' }
export const GET: Command = { type: 'GET' }
export const OFF: Command = { type: 'OFF' }
export const DEL: Command = { type: 'DEL' }
export const PING: Command = { type: 'PING' }

export function send(body: string | Uint8Array, notify = false): Command {
  return { type: 'SEND', notify, body: typeof body === 'string' ? utf8(body) : body }
}

export function ack(client: TestClient, queue: TestQueue, msgId: Uint8Array): Promise<Response> {
  return client.say({ type: 'ACK', msgId }, queue.rcvId, queue.key.own)
}

export function subscribe(client: TestClient, queue: TestQueue): Promise<Response> {
  return client.say(SUB, queue.rcvId, queue.key.own)
}

export function bodyOf(message: ReturnType<TestQueue['open']>): string {
  return message.type === 'message' ? new TextDecoder().decode(message.body) : message.type
}
