import { describe, expect, it } from 'vitest'
import { ContractFailure } from '#core/contract'
import type { ContractEvent } from '#core/contract'
import { MAX_MESSAGE, serveDoor } from '../../main/shared/door.ts'

interface Sent {
  id?: unknown
  result?: unknown
  error?: { code: string; details: unknown }
  event?: string
}

function open(call: (method: string, params: unknown, signal: AbortSignal) => Promise<unknown>) {
  const sent: Sent[] = []
  let receive: (message: unknown) => void = () => {}
  let emit: (event: ContractEvent) => void = () => {}
  const core = {
    call,
    onEvent(listener: (event: ContractEvent) => void) {
      emit = listener
      return () => (emit = () => {})
    },
  }
  const pipe = {
    send: (message: object) => void sent.push(message as Sent),
    onMessage: (listener: (message: unknown) => void) => (receive = listener),
  }
  const door = serveDoor(core, { ...pipe, onMessage: (listener) => void pipe.onMessage(listener) })
  return {
    sent,
    door,
    receive: (message: unknown) => receive(message),
    emit: (event: ContractEvent) => emit(event),
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const stoppable = (_method: string, _params: unknown, signal: AbortSignal): Promise<unknown> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

describe('the envelope', () => {
  it('answers a call under its id, objects and texts alike', async () => {
    const door = open((method, params) => Promise.resolve({ method, params }))
    door.receive({ id: 1, method: 'a', params: { x: 1 } })
    door.receive('{"id":"two","method":"b"}')
    await settled()
    expect(door.sent).toEqual([
      { id: 1, result: { method: 'a', params: { x: 1 } } },
      { id: 'two', result: { method: 'b', params: {} } },
    ])
  })

  it.each([['{broken'], ['5'], ['[]'], ['null'], ['{}'], ['{"id":null,"method":"a"}'], [undefined], [17]])(
    'answers %j with INVALID_REQUEST and id null',
    async (message) => {
      const door = open(() => Promise.resolve({}))
      door.receive(message)
      await settled()
      expect(door.sent).toMatchObject([
        { id: null, error: { code: 'INVALID_REQUEST', details: { retryable: false } } },
      ])
    },
  )

  it('refuses a text of more than 8 MiB', () => {
    const door = open(() => Promise.resolve({}))
    door.receive(' '.repeat(MAX_MESSAGE + 1))
    expect(door.sent).toMatchObject([{ id: null, error: { code: 'INVALID_REQUEST' } }])
  })

  it('refuses an id that is still in use, and takes it again afterwards', async () => {
    let finish: (value: unknown) => void = () => {}
    const door = open(() => new Promise((resolve) => (finish = resolve)))
    door.receive({ id: 1, method: 'a', params: {} })
    door.receive({ id: 1, method: 'b', params: {} })
    expect(door.sent).toMatchObject([{ id: 1, error: { code: 'INVALID_REQUEST' } }])
    finish('done')
    await settled()
    door.receive({ id: 1, method: 'c', params: {} })
    finish('again')
    await settled()
    expect(door.sent.slice(1)).toEqual([
      { id: 1, result: 'done' },
      { id: 1, result: 'again' },
    ])
  })

  it('PLN-3: cancels a waiting call, which answers CANCELLED before the cancel does', async () => {
    const door = open((method, params, signal) =>
      method === 'call.cancel' ? Promise.resolve({}) : stoppable(method, params, signal),
    )
    door.receive({ id: 1, method: 'connection.connect', params: {} })
    door.receive({ id: 2, method: 'call.cancel', params: { id: 1 } })
    await settled()
    expect(door.sent).toMatchObject([
      { id: 1, error: { code: 'CANCELLED' } },
      { id: 2, result: { cancelled: true } },
    ])
  })

  it('says cancelled: false where the call succeeds anyway, is over, or never was', async () => {
    let finish: (value: unknown) => void = () => {}
    const door = open((method) =>
      method === 'call.cancel' ? Promise.resolve({}) : new Promise((resolve) => (finish = resolve)),
    )
    door.receive({ id: 1, method: 'a', params: {} })
    door.receive({ id: 2, method: 'call.cancel', params: { id: 1 } })
    door.receive({ id: 3, method: 'call.cancel', params: { id: 99 } })
    door.receive({ id: 4, method: 'call.cancel', params: { id: 4 } })
    await settled()
    finish('kept')
    await settled()
    expect(door.sent).toEqual([
      { id: 3, result: { cancelled: false } },
      { id: 4, result: { cancelled: false } },
      { id: 1, result: 'kept' },
      { id: 2, result: { cancelled: false } },
    ])
  })

  it('passes failures on as they are and says nothing of faults', async () => {
    const door = open((method) =>
      Promise.reject(
        method === 'a'
          ? new ContractFailure('NOT_FOUND', 'Not here.', { path: 'x' })
          : new Error('secret path'),
      ),
    )
    door.receive({ id: 1, method: 'a', params: {} })
    door.receive({ id: 2, method: 'b', params: {} })
    await settled()
    expect(door.sent[0]).toEqual({
      id: 1,
      error: { code: 'NOT_FOUND', message: 'Not here.', details: { retryable: false, path: 'x' } },
    })
    expect(door.sent[1]).toMatchObject({ id: 2, error: { code: 'INTERNAL', details: { retryable: true } } })
    expect(JSON.stringify(door.sent)).not.toContain('secret')
  })

  it('hands events on, and nothing after it was closed', async () => {
    const door = open(stoppable)
    const event: ContractEvent = { event: 'connection.removed', data: { connectionId: 'c', rowId: 'r' } }
    door.emit(event)
    door.receive({ id: 1, method: 'a', params: {} })
    door.door.close()
    door.emit(event)
    await settled()
    expect(door.sent).toEqual([event])
  })
})
