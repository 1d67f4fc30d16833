import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { PageKeys } from '../../../main/browser/keys.ts'
import { servePage, type PageServer } from '../../../main/browser/server.ts'

describe('the browser host', () => {
  let folder = ''
  let server: PageServer
  let keys: PageKeys
  let token = ''
  const received: unknown[] = []
  const nextKeys: string[] = []

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'duplex-host-'))
    writeFileSync(join(folder, 'index.html'), '<p>hello')
    received.length = 0
    nextKeys.length = 0
    keys = new PageKeys()
    token = keys.once()
    server = await servePage({
      folder,
      port: 0,
      keys,
      onPipe(pipe, nextKey) {
        nextKeys.push(nextKey)
        pipe.onMessage((message) => {
          received.push(message)
          pipe.send({ echo: message })
        })
      },
    })
  })
  afterEach(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })

  const own = (): string => `127.0.0.1:${server.port}`

  function get(path: string, host: string, method = 'GET'): Promise<{ status: number; policy: string }> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: server.port, path, method, headers: { host } }, (response) => {
        response.resume()
        resolve({
          status: response.statusCode ?? 0,
          policy: String(response.headers['content-security-policy']),
        })
      })
        .on('error', reject)
        .end()
    })
  }

  /** 'open', or the status that the server answered instead. */
  function knock(address: string, origin: string, host = own()): Promise<string> {
    return new Promise((resolve) => {
      const socket = new WebSocket(address, { origin, headers: { host } })
      socket.on('open', () => {
        socket.close()
        resolve('open')
      })
      socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)))
      socket.on('error', () => resolve('error'))
    })
  }

  test('the page is served to its own address only, with the policy on every answer', async () => {
    expect(await get('/', own())).toMatchObject({ status: 200 })
    for (const host of [
      'example.org',
      `localhost:${server.port}`,
      '127.0.0.1',
      `attacker.example:${server.port}`,
    ]) {
      expect(await get('/', host)).toMatchObject({ status: 404 })
    }
    expect(await get('/', own(), 'POST')).toMatchObject({ status: 404 })
    expect((await get('/nothing.js', own())).policy).toContain("default-src 'none'")
  })

  test('the door opens for the token, the own origin and the own host, and for nothing less', async () => {
    const address = `ws://${own()}/contract?token=${token}`
    expect(await knock(address, `http://${own()}`)).toBe('open')
    expect(await knock(address, 'https://example.org')).toBe('403')
    expect(await knock(address, `http://localhost:${server.port}`)).toBe('403')
    expect(await knock(address, `http://${own()}`, 'example.org')).toBe('403')
    expect(await knock(`ws://${own()}/contract`, `http://${own()}`)).toBe('403')
    expect(await knock(`ws://${own()}/contract?token=${'b'.repeat(43)}`, `http://${own()}`)).toBe('403')
    expect(await knock(`ws://${own()}/contract?token=${token}x`, `http://${own()}`)).toBe('403')
    expect(await knock(`ws://${own()}/other?token=${token}`, `http://${own()}`)).toBe('403')
  })

  test('the key of an address opens once; the page learns at /door whether its key is to blame', async () => {
    const door = (key: string, host = own()): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { host, 'x-duplex-key': key }
        request({ host: '127.0.0.1', port: server.port, path: '/door', headers }, (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        })
          .on('error', reject)
          .end()
      })
    expect(await door(token)).toBe(204)
    expect(await door(token)).toBe(204)
    expect(await door(token, 'example.org')).toBe(404)
    const address = `ws://${own()}/contract?token=${token}`
    // Whoever is refused for another reason uses nothing up.
    expect(await knock(address, 'https://example.org')).toBe('403')
    expect(await knock(address, `http://${own()}`)).toBe('open')
    expect(await knock(address, `http://${own()}`)).toBe('403')
    expect(await door(token)).toBe(403)
    const lasting = `ws://${own()}/contract?token=${nextKeys[0]}`
    expect(await knock(lasting, `http://${own()}`)).toBe('open')
    expect(await knock(lasting, `http://${own()}`)).toBe('open')
    expect(nextKeys).toEqual([nextKeys[0], nextKeys[0], nextKeys[0]])
  })

  test('texts go through unread, so that the door can answer what is no JSON', async () => {
    const socket = new WebSocket(`ws://${own()}/contract?token=${token}`, { origin: `http://${own()}` })
    const answer = new Promise((resolve) =>
      socket.on('message', (data: Buffer) => resolve(data.toString('utf8'))),
    )
    socket.on('open', () => socket.send('not json'))
    expect(await answer).toBe('{"echo":"not json"}')
    expect(received).toEqual(['not json'])
    socket.close()
  })
})
