import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CodeReader } from '../../../renderer/features/scan/decode/code-reader.ts'
import { LONGEST_STUDY } from '../../../renderer/features/scan/decode/limits.ts'

/** A worker that a hostile picture keeps busy for ever. */
class BusyWorker {
  static started = 0
  static running = 0
  constructor() {
    BusyWorker.started += 1
    BusyWorker.running += 1
  }
  addEventListener(): void {}
  postMessage(): void {}
  terminate(): void {
    BusyWorker.running -= 1
  }
}

const svg = (): Blob => new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'])
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
/** Until the head of that many files was read. */
async function started(count: number): Promise<void> {
  while (BusyWorker.started < count) await turn()
}

beforeEach(() => {
  BusyWorker.started = 0
  BusyWorker.running = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.stubGlobal('Worker', BusyWorker)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('gives up a picture after 20 s, says so, and ends the worker', async () => {
  const reader = new CodeReader()
  let read: unknown = 'none'
  void reader.picture(svg()).then((answer) => (read = answer))
  await started(1)
  vi.advanceTimersByTime(LONGEST_STUDY - 1)
  await turn()
  expect(read).toBe('none')
  vi.advanceTimersByTime(1)
  await turn()
  expect(read).toEqual({ ok: false, problem: 'too-long' })
  expect([BusyWorker.running, reader.busy]).toEqual([0, false])
})

it('answers what waits when it is closed, and works again afterwards', async () => {
  const reader = new CodeReader()
  const first = reader.picture(svg())
  await started(1)
  reader.close()
  expect(await first).toEqual({ ok: false, problem: 'unreadable' })
  void reader.picture(svg())
  await started(2)
  reader.close()
  expect(BusyWorker.running).toBe(0)
})

it('starts no worker for a picture whose head was still being read when it was closed', async () => {
  const reader = new CodeReader()
  const read = reader.picture(svg())
  reader.close()
  expect(await read).toEqual({ ok: false, problem: 'unreadable' })
  expect(BusyWorker.started).toBe(0)
})
