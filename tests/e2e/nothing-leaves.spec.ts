import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import type { ElectronApplication, Page } from '@playwright/test'
import { launchElectron } from './person.ts'
import { firstRun } from './steps.ts'
import { expect, test } from './world.ts'

/* What a page that ran somebody else's script could do to reach them, the clipboard, or a mail program. */

/** Somebody on this computer whom a page tries to reach: counts what arrives, packets and connections. */
async function listener() {
  const arrived = { udp: 0, tcp: 0 }
  const udp = createSocket('udp4').on('message', () => (arrived.udp += 1))
  const tcp = createServer((socket) => {
    arrived.tcp += 1
    socket.on('error', () => undefined).destroy()
  })
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  return {
    arrived,
    udpPort: udp.address().port,
    tcpPort: (tcp.address() as AddressInfo).port,
    close() {
      udp.close()
      tcp.close()
    },
  }
}

type Reached = Awaited<ReturnType<typeof listener>>

/** Peer connections of the page and of a frame in it look for ways to the other; `toEnd`: until they have tried all. */
function byPeerConnections(page: Page, { udpPort, tcpPort }: Reached, toEnd: boolean): Promise<string[]> {
  return page.evaluate(
    async ([udp, tcp, wait]) => {
      const login = { username: 'a', credential: 'b' }
      const iceServers = [
        { urls: `stun:127.0.0.1:${udp}` },
        { urls: `turn:127.0.0.1:${udp}`, ...login },
        { urls: `turn:127.0.0.1:${tcp}?transport=tcp`, ...login },
      ]
      const search = async (where: typeof window): Promise<string> => {
        const Peer = (where as { RTCPeerConnection?: typeof RTCPeerConnection }).RTCPeerConnection
        if (Peer === undefined) return 'none'
        const peer = new Peer({ iceServers })
        peer.createDataChannel('x')
        await peer.setLocalDescription(await peer.createOffer())
        while (wait && peer.iceGatheringState !== 'complete')
          await new Promise((resolve) =>
            peer.addEventListener('icegatheringstatechange', resolve, { once: true }),
          )
        return 'searched'
      }
      const frame = document.createElement('iframe')
      document.body.append(frame)
      return [await search(window), await search(frame.contentWindow as typeof window)]
    },
    [udpPort, tcpPort, toEnd] as const,
  )
}

/** What else opens connections or asks for names, without any right to. Every one of it is refused or answered. */
async function byOtherWays(page: Page, { tcpPort }: Reached): Promise<void> {
  await page.evaluate(async (port) => {
    const at = `http://127.0.0.1:${port}`
    for (const rel of ['preconnect', 'prefetch', 'prerender', 'icon', 'stylesheet', 'modulepreload']) {
      const link = document.createElement('link')
      link.rel = rel
      link.href = `${at}/${rel}`
      document.head.append(link)
    }
    const rules = document.createElement('script')
    rules.type = 'speculationrules'
    rules.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [`${at}/rules`] }] })
    document.head.append(rules)
    const ping = document.createElement('a')
    ping.href = '#here'
    ping.ping = `${at}/ping`
    document.body.append(ping)
    ping.click()
    window.open(`${at}/window`)
    navigator.sendBeacon(`${at}/beacon`)
    new Image().src = `${at}/image`
    await fetch(at, { mode: 'no-cors' }).catch(() => undefined)
    await new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
      socket.addEventListener('close', resolve)
      socket.addEventListener('error', resolve)
    }).catch(() => undefined)
    await navigator.serviceWorker?.register(`${at}/worker.js`).catch(() => undefined)
  }, tcpPort)
}

test('an ordinary page of Chromium reaches STUN and TURN past its policy: what the tests below would see', async ({
  browser,
}) => {
  const others = await listener()
  const page = await browser.newPage()
  expect(await byPeerConnections(page, others, false)).toEqual(['searched', 'searched'])
  await expect.poll(() => others.arrived.udp).toBeGreaterThan(0)
  await expect.poll(() => others.arrived.tcp).toBeGreaterThan(0)
  others.close()
  await page.close()
})

test('in a browser the page has no peer connections, and the policy refuses what it can', async ({
  world,
}) => {
  const others = await listener()
  const alice = await world.person('Alice')
  await expect(alice.page.getByTestId('onb-welcome')).toBeVisible()
  const headers = (await alice.page.reload())?.headers() ?? {}
  expect(headers['x-dns-prefetch-control']).toBe('off')
  expect(
    await alice.page.evaluate(() => 'RTCPeerConnection' in window || 'webkitRTCPeerConnection' in window),
  ).toBe(false)
  await firstRun(alice)
  await alice.page.evaluate(async (port) => {
    const at = `http://127.0.0.1:${port}`
    navigator.sendBeacon(`${at}/beacon`)
    new Image().src = `${at}/image`
    await fetch(at, { mode: 'no-cors' }).catch(() => undefined)
  }, others.tcpPort)
  expect(others.arrived).toEqual({ udp: 0, tcp: 0 })
  others.close()
  alice.problems.length = 0 // The refusals above were asked for.
})

test('in Electron nothing leaves the program of the window: no peer connection, no name, no connection ahead', async ({
  folder,
}) => {
  const others = await listener()
  const log = `${folder}/net.json`
  const app = await launchElectron(`${folder}/alone`, [], [`--log-net-log=${log}`])
  const page = await app.firstWindow()
  await expect(page.getByTestId('onb-welcome')).toBeVisible()
  expect(await byPeerConnections(page, others, true)).toEqual(['none', 'searched'])
  await byOtherWays(page, others)
  await page.evaluate(() => {
    for (const [rel, host] of [
      ['dns-prefetch', 'ahead.example.org'],
      ['preconnect', 'sooner.example.org'],
    ]) {
      const link = document.createElement('link')
      link.rel = rel!
      link.href = `https://${host}`
      document.head.append(link)
    }
  })
  expect(others.arrived).toEqual({ udp: 0, tcp: 0 })
  await app.close()
  expect(others.arrived).toEqual({ udp: 0, tcp: 0 })
  others.close()
  // The whole life of the program, start and end too: everything that Chromium asked the network for.
  expect(sentBy(log)).toEqual([])
})

interface NetLog {
  constants: { logEventTypes: Record<string, number> }
  events: { type: number; params?: Record<string, unknown> }[]
}

/** Names that were really asked for, connections that were really tried, packets and bytes that were sent. */
function sentBy(file: string): string[] {
  const { constants, events } = JSON.parse(readFileSync(file, 'utf8')) as NetLog
  const names = new Map(Object.entries(constants.logEventTypes).map(([name, type]) => [type, name]))
  const tells =
    /^(?:TCP_CONNECT_ATTEMPT|UDP_BYTES_SENT|SOCKET_BYTES_SENT|DNS_TRANSACTION|HOST_RESOLVER_SYSTEM_TASK)/
  expect(events.length).toBeGreaterThan(0)
  return events.flatMap(({ type, params }) => {
    const name = names.get(type) ?? ''
    return tells.test(name) ? [`${name} ${JSON.stringify(params ?? {})}`] : []
  })
}

test('in Electron the clipboard, the camera, a mail draft and a scheme are had on a press alone', async ({
  folder,
}) => {
  const app = await launchElectron(`${folder}/alone`, [])
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url) => Promise.resolve(void opened.push(url))
  })
  // not by Playwright, which presses whenever it looks at a page
  await expect
    .poll(() => unpressed(app, `document.querySelector('[data-testid=onb-welcome]') !== null`))
    .toBe(true)
  const tries = [
    `duplex.host({ type: 'readText' })`,
    `navigator.clipboard.read()`,
    `navigator.clipboard.readText()`,
    `navigator.mediaDevices.getUserMedia({ video: true })`,
    `duplex.host({ type: 'mailDraft', subject: 'a', body: 'b' })`,
    `duplex.host({ type: 'openExternal', url: 'https://example.org/' })`,
    `duplex.host({ type: 'claimScheme', scheme: 'simplex' })`,
    `duplex.host({ type: 'saveFile', name: 'a', file: 'data:image/png;base64,' })`,
  ]
  for (const code of tries)
    expect(await unpressed(app, `${code}.then(() => 'had', () => 'refused')`), code).toBe('refused')
  // a page that puts an answer of its own in the place of the browser's
  await unpressed(
    app,
    `Object.defineProperty(Navigator.prototype, 'userActivation', { value: { isActive: true } }), 1`,
  )
  expect(await unpressed(app, `${tries[0]}.then(() => 'had', () => 'refused')`)).toBe('refused')
  expect(await app.evaluate(() => (globalThis as { opened?: string[] }).opened)).toEqual([])

  const page = await app.firstWindow()
  await page.getByTestId('onb-welcome').click()
  const pressed = (request: object): Promise<unknown> =>
    page.evaluate(
      (asked) =>
        (globalThis as unknown as { duplex: { host(request: object): Promise<unknown> } }).duplex
          .host(asked)
          .then(
            (answer) => answer,
            () => 'refused',
          ),
      request,
    )
  expect(await pressed({ type: 'mailDraft', subject: 'Hi & you', body: 'one\ntwo&attach=/etc/passwd' })).toBe(
    true,
  )
  for (const url of [
    'mailto:?attach=/etc/passwd',
    'mailto:a@example.org?cc=b@example.org&bcc=c@example.org',
    'MAILTO:?attachment=/etc/passwd',
    'file:///etc/passwd',
    'http://example.org/',
    'smb://example.org/share',
    'javascript:alert(1)',
    'https://user:word@example.org/',
    'nothing at all',
  ])
    expect(await pressed({ type: 'openExternal', url }), url).toBe(false)
  for (const request of [
    { type: 'mailDraft', subject: 'a' },
    { type: 'mailDraft', subject: 'a'.repeat(300), body: '' },
    { type: 'openPath', path: '/etc' },
    { type: 'showItemInFolder', path: '/etc' },
  ])
    expect(await pressed(request)).toBe('refused')
  expect(await app.evaluate(() => (globalThis as { opened?: string[] }).opened)).toEqual([
    'mailto:?subject=Hi%20%26%20you&body=one%0Atwo%26attach%3D%2Fetc%2Fpasswd',
  ])
  await app.close()
})

/** Runs in the page as its own script would, without any press. */
function unpressed(app: ElectronApplication, code: string): Promise<unknown> {
  return app.evaluate(
    ({ BrowserWindow }, script) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script),
    code,
  )
}

test('everything else that a page may ask of its browser is refused in Electron', async ({ folder }) => {
  const app = await launchElectron(`${folder}/alone`, [])
  const page = await app.firstWindow()
  await page.getByTestId('onb-welcome').click()
  const names = ['geolocation', 'notifications', 'midi', 'microphone', 'persistent-storage', 'storage-access']
  const states = await page.evaluate(
    (all) =>
      Promise.all(
        all.map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(
            ({ state }) => state,
            () => 'unknown',
          ),
        ),
      ),
    names,
  )
  expect(states.filter((state) => state !== 'denied' && state !== 'unknown')).toEqual([])
  expect(
    await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ audio: true }).then(String, () => 'refused'),
    ),
  ).toBe('refused')
  await app.close()
})
