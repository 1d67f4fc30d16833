import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openInstallation, type Installation } from '#core/app'
import { silentLog, systemClock } from '#core/base'
import { hasLinkPage } from '#core/client'
import type { MethodName, Params, Result } from '#core/contract'
import { createRelayIdentity, cryptoReady, pemOf, systemRandom } from '#core/crypto'
import { parseRelayAddress } from '#core/protocol'
import { landingAnswers } from '../../main/relay/landing.ts'
import { endAll, type RunningRelay, startRelay, tempDir, until } from '../tools/programs.ts'

const signal = new AbortController().signal

type Answer = (path: string) => { status: number; type: string; body: string } | 'silence'

/** A web server with a certificate of its own, as a proxy before a relay is one. */
let server: Server
let ca: string
let answer: Answer
let paths: string[]
const port = (): number => (server.address() as AddressInfo).port

/** The page that the relay program serves, as it serves it. */
let ofTheRelay: Answer

beforeAll(async () => {
  await cryptoReady()
  const identity = createRelayIdentity(systemRandom, Date.now() - 86_400_000, 'localhost')
  ca = pemOf(identity.caCertDer, 'CERTIFICATE')
  const answers = await landingAnswers(null)
  ofTheRelay = (path) => {
    const found = answers(path)
    if (!found) return { status: 404, type: 'text/plain', body: 'There is nothing here.' }
    return { status: found.status, type: found.headers['Content-Type']!, body: found.body }
  }
  const key = pemOf(identity.leafKey, 'PRIVATE KEY')
  const cert = pemOf(identity.leafCertDer, 'CERTIFICATE') + ca
  server = createServer({ key, cert }, (request, response) => {
    paths.push(request.url ?? '')
    const said = answer(request.url ?? '')
    if (said === 'silence') return
    response.writeHead(said.status, { 'content-type': said.type, location: 'https://localhost/elsewhere' })
    response.end(said.body)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
})
beforeEach(() => {
  answer = ofTheRelay
  paths = []
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await endAll()
})

describe('whether a relay shows a page for links', () => {
  const at = (hosts: string) => parseRelayAddress(`smp://${'A'.repeat(43)}=@${hosts}:5223`)
  const look = (hosts = 'localhost', trusting = true) =>
    hasLinkPage(at(hosts), { signal, port: port(), ...(trusting && { ca }) })

  it('yes: the page of our own relay, behind a certificate that browsers would accept; no link is sent there', async () => {
    expect(await look()).toBe(true)
    expect(paths.toSorted()).toEqual(['/a', '/i'])
  })

  it.each<[string, Answer]>([
    ['an error', () => ({ status: 404, type: 'text/html', body: 'simplex' })],
    ['a redirection', () => ({ status: 302, type: 'text/html', body: 'simplex' })],
    ['another page', () => ({ status: 200, type: 'text/html', body: '<h1>Welcome to nginx</h1>' })],
    ['no page at all', () => ({ status: 200, type: 'application/json', body: '{"simplex":1}' })],
    ['a page without end', () => ({ status: 200, type: 'text/html', body: 'simplex '.repeat(100_000) })],
    [
      'a page for one-time links alone',
      (path) => (path === '/i' ? ofTheRelay(path) : { status: 404, type: 'text/html', body: 'simplex' }),
    ],
  ])('no: %s', async (_name, other) => {
    answer = other
    expect(await look()).toBe(false)
  })

  it('no: a certificate that browsers refuse, nobody at the port, an onion or IPv6 name first', async () => {
    expect(await look('localhost', false)).toBe(false)
    expect(await hasLinkPage(at('localhost'), { signal, ca, port: 1 })).toBe(false)
    expect(await look('abc.onion')).toBe(false)
    expect(await look('[::1]')).toBe(false)
    expect(paths).toEqual([])
  })

  it('unknown: who was given up on, or could not be found', async () => {
    answer = () => 'silence'
    const giveUp = new AbortController()
    const looking = hasLinkPage(at('localhost'), { signal: giveUp.signal, ca, port: port() })
    await until(() => Promise.resolve(paths.length === 2 || undefined))
    giveUp.abort()
    expect(await looking).toBeNull()
  })
})

describe('links of an own relay', () => {
  let relay: RunningRelay
  let core: Installation
  beforeEach(async () => {
    relay = await startRelay()
    core = await openInstallation({
      dataDir: tempDir(),
      relays: [],
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      version: '0',
      claim: () => ({ release: () => undefined }),
      lookForPage: (address, options) =>
        hasLinkPage({ ...address, hosts: ['localhost'] }, { ...options, ca, port: port() }),
    })
    await call('profile.create', { displayName: 'Ann' })
  })
  afterEach(() => core.stop())
  const call = <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> =>
    core.call(method, params, signal) as Promise<Result<M>>
  const pageOf = async () => (await call('relay.list', {})).find((one) => !one.embedded)?.page
  const known = (page: boolean) => until(async () => ((await pageOf()) === page ? true : undefined))

  it('are web addresses where it shows the page, and are opened as such; else links that only apps open', async () => {
    await call('relay.add', { address: relay.address })
    await known(true)
    await call('network.update', { choice: 'own' })
    const web = await call('invitation.create', {})
    expect(web.link).toMatch(
      new RegExp(`^https://127\\.0\\.0\\.1/i#[\\w-]{32}/[\\w-]{43}\\?p=${relay.port}&c=[\\w-]{43}$`),
    )
    const found = await call('connection.plan', { link: web.link })
    expect(found).toMatchObject({ status: 'own', connectionId: web.connectionId, knownRelay: true })
    expect((await call('address.create', {})).link).toMatch(/^https:\/\/127\.0\.0\.1\/a#/)

    // the page is gone: found out by the next test, and by no link before
    answer = () => ({ status: 404, type: 'text/plain', body: '' })
    expect(await call('relay.test', { address: relay.address })).toMatchObject({ ok: true, page: false })
    expect((await call('invitation.create', {})).link).toMatch(/^simplex:\/i#/)

    answer = ofTheRelay
    expect(await call('relay.test', { address: relay.address })).toMatchObject({ ok: true, page: true })
    expect((await call('invitation.create', {})).link).toMatch(/^https:/)
  })

  it('stay what they are while nobody has looked', async () => {
    answer = () => 'silence'
    await call('relay.add', { address: relay.address })
    await call('network.update', { choice: 'own' })
    expect(await pageOf()).toBeNull()
    expect((await call('invitation.create', {})).link).toMatch(/^simplex:\/i#/)
  })
})
