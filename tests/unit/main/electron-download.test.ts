import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { progressLines, watchedFetch } from '../../../main/electron-download.ts'

describe('the download of Electron', () => {
  let server: Server
  let url = ''
  let serve: (response: ServerResponse) => void

  beforeEach(async () => {
    server = createServer((_request, response) => serve(response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  test('arrives whole, is counted on the way, and takes as long as it takes while bytes arrive', async () => {
    const pieces = Array.from({ length: 20 }, (_, i) => Buffer.alloc(1_000, i))
    serve = (response) => {
      response.writeHead(200, { 'content-length': 20_000 })
      const next = (): void => {
        const piece = pieces.shift()
        if (piece === undefined) return void response.end()
        response.write(piece)
        setTimeout(next, 20)
      }
      next()
    }
    const counted: number[] = []
    let stalled = false
    // All of it takes longer than the silence that is allowed.
    const watched = watchedFetch(fetch, {
      stallMs: 250,
      onBytes: (done, total) => counted.push(done / (total ?? 0)),
      onStall: () => (stalled = true),
    })
    const body = new Uint8Array(await (await watched(url)).arrayBuffer())
    expect(body.length).toBe(20_000)
    expect(counted.at(-1)).toBe(1)
    expect(counted).toEqual(counted.toSorted((a, b) => a - b))
    expect(stalled).toBe(false)
  })

  test.each([
    ['that says nothing at all', () => undefined],
    [
      'that stops in the middle',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 20_000 })
        response.write(Buffer.alloc(5_000))
      },
    ],
  ])('a server %s is given up', async (_, behave) => {
    serve = behave
    const given = new AbortController()
    const watched = watchedFetch(fetch, {
      stallMs: 100,
      onBytes: () => undefined,
      onStall: () => given.abort(),
    })
    await expect(
      watched(url, { signal: given.signal }).then((answer) => answer.arrayBuffer()),
    ).rejects.toThrow()
    expect(given.signal.aborted).toBe(true)
  })

  test('says how far it is: every megabyte on a terminal, every tenth elsewhere', () => {
    for (const [terminal, expected] of [
      [true, 121],
      [false, 11],
    ] as const) {
      const lines: string[] = []
      const onBytes = progressLines((text) => lines.push(text), terminal)
      for (let done = 0; done <= 120_000_000; done += 250_000) onBytes(done, 120_000_000)
      expect(lines).toHaveLength(expected)
      expect(lines.at(-1)).toContain('Electron: 120 of 120 MB')
    }
  })
})
