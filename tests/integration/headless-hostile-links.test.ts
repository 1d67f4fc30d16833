import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concatBytes, silentLog, systemClock, utf8 } from '#core/base'
import { parseConnectionLink } from '#core/agent'
import { createRelayPool, type RelayPool } from '#core/client'
import { cryptoReady, generateEd25519, generateX25519, systemRandom } from '#core/crypto'
import { type RelayAddress, parseRelayAddress } from '#core/protocol'
import {
  AGENT_VERSIONS,
  type ContactLink,
  contactLinkKeys,
  formatShortLink,
  linkDataKey,
  type LinkOwner,
  sealLinkPart,
  senderIdOf,
  signFixedData,
  signOwner,
  signUserData,
} from '../../core/agent/wire/index.ts'
import { packFrame } from '../../core/chat/compression.ts'
import { type Person, person } from '../tools/people.ts'
import { aContact, aQueue, type ContactData, contactData } from '../unit/agent/link-data-builders.ts'
import { commandsAt, endAll, type RunningRelay, startRelay } from '../tools/programs.ts'

/* Addresses whose author lies: whatever lies behind a link, the check names it or shows what it can, and the program goes on. */

let relay: RunningRelay
let address: RelayAddress
let pool: RelayPool
let bob: Person

beforeAll(async () => {
  await cryptoReady()
  relay = await startRelay({ metrics: true })
  address = parseRelayAddress(relay.address)
  pool = createRelayPool({ clock: systemClock, random: systemRandom, log: silentLog })
  bob = await person('Bob', [relay.address])
})
afterAll(async () => {
  await pool.close()
  await endAll()
})

interface Lie {
  user?: Partial<ContactData>
  /** Signs the changing part, in place of the root key. */
  signer?: Uint8Array
  owners?: (root: Uint8Array) => LinkOwner[]
  /** Of the signed bytes of either part. */
  alter?: (part: 'fixed' | 'user', signed: Uint8Array) => Uint8Array
  request?: (request: ContactLink) => ContactLink
}

/** Puts an address at the relay as no client of ours would; answers its link. */
async function forge(lie: Lie): Promise<string> {
  const [auth, dh, e2e, root] = [
    generateEd25519(systemRandom),
    generateX25519(systemRandom),
    generateX25519(systemRandom),
    generateEd25519(systemRandom),
  ]
  const corrId = systemRandom.bytes(24)
  const sndId = senderIdOf(corrId)
  const server = { ...address, password: null }
  const honest = aContact(aQueue({ server, senderId: sndId, dhKey: e2e.publicKey }))
  const alter = lie.alter ?? ((_, signed) => signed)
  const { linkKey, signed } = signFixedData(root.privateKey, {
    agentVersions: AGENT_VERSIONS,
    rootKey: root.publicKey,
    request: lie.request?.(honest) ?? honest,
    entityId: null,
  })
  const link = { kind: 'contact', linkKey } as const
  const owners = lie.owners?.(root.privateKey) ?? []
  const user = signUserData(
    lie.signer ?? root.privateKey,
    contactData({ userBytes: new Uint8Array(0), owners, ...lie.user }),
  )
  const key = linkDataKey(link)
  const { linkId } = contactLinkKeys(linkKey)
  const answer = await pool.request(
    address,
    {
      entityId: new Uint8Array(0),
      command: {
        type: 'NEW',
        rcvAuthKey: { algorithm: 'ed25519', raw: auth.publicKey },
        rcvDhKey: dh.publicKey,
        password: null,
        subscribe: false,
        request: {
          mode: 'C',
          link: {
            linkId,
            sndId,
            fixed: sealLinkPart('fixed', key, alter('fixed', signed), systemRandom),
            user: sealLinkPart('user', key, alter('user', user), systemRandom),
          },
        },
        notifier: null,
      },
      key: { algorithm: 'ed25519', privateKey: auth.privateKey },
      corrId,
    },
    { signal: AbortSignal.timeout(30_000) },
  )
  expect(answer.type).toBe('IDS')
  const { hosts, port, keyHash } = address
  return formatShortLink({
    ...{ form: 'short', scheme: 'simplex', kind: 'contact', contactType: 'contact', linkKey },
    server: { hosts, port, keyHash },
  })
}

const json = (text: string): Lie => ({ user: { userBytes: utf8(text) } })
const packed = (bytes: Uint8Array): Lie => ({
  user: { userBytes: concatBytes(new Uint8Array([0x58]), bytes) },
})

/** Owners that vouch for each other in turn. */
function chain(root: Uint8Array, count: number): LinkOwner[] {
  let signer = root
  return Array.from({ length: count }, (_, n) => {
    const { publicKey, privateKey } = generateEd25519(systemRandom)
    const owner = signOwner(signer, { id: new Uint8Array([n]), key: publicKey })
    signer = privateKey
    return owner
  })
}

/** A welcome with something below its text that goes deep. */
const nested = (depth: number): string => {
  const deep = `${'[1,'.repeat(depth)}1${']'.repeat(depth)}`
  return `{"profile":{"displayName":"Deep","fullName":""},"message":{"type":"text","text":"hi","a":${deep}}}`
}

describe('data behind a link that is honest in its form and a lie in what it says', () => {
  it.each<[string, Lie]>([
    ['nothing', {}],
    [
      'JSON as large as fits',
      json(JSON.stringify({ profile: { displayName: 'x'.repeat(13_500), fullName: '' } })),
    ],
    ['wrong types everywhere', json('{"profile":[],"message":{},"business":"yes","paused":7}')],
    ['a name that is no text', json('{"profile":{"displayName":{"a":1},"fullName":null}}')],
    [
      'a name that is __proto__',
      json(
        '{"__proto__":{"paused":true},"profile":{"displayName":"p","fullName":"","__proto__":{"image":"x"}}}',
      ),
    ],
    ['deep nesting', json(nested(2_500))],
    ['deep nesting, packed', packed(packFrame(utf8(nested(10_000))))],
    ['a zstd bomb that says its size', packed(packFrame(new Uint8Array(100 * 1024 * 1024)))],
    ['a zstd frame cut off', packed(packFrame(utf8('{}')).subarray(0, 7))],
    ['bytes that are no text', { user: { userBytes: systemRandom.bytes(13_000) } }],
    [
      'control signs, direction marks and lone surrogates',
      json('{"profile":{"displayName":"\\u202e\\ud800\\u0000","fullName":"\\u2067"}}'),
    ],
    [
      'a picture that is a script',
      json('{"profile":{"displayName":"A","fullName":"","image":"javascript:alert(1)"}}'),
    ],
    ['sixteen owners, the last of whom signs', { owners: (root) => chain(root, 16) }],
  ])('PLN-1: %s is shown as far as it can be, and nobody is asked to connect', async (_name, lie) => {
    const link = await forge(lie)
    const began = performance.now()
    const plan = await bob.core.call('connection.plan', { link })
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(plan).toMatchObject({ kind: 'address', status: 'new' })
    const shown = plan.preview?.profile
    expect(shown?.displayName ?? '').not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    expect([...(shown?.displayName ?? '')].length).toBeLessThanOrEqual(50)
    expect(shown?.image).toBeUndefined()
    expect(await commandsAt(relay, 'SEND')).toBe(0)
  })

  it('NTS-9: a business says what it is in the plan, and no request is sent to it', async () => {
    const link = await forge(json('{"profile":{"displayName":"Shop","fullName":""},"business":true}'))
    expect(await bob.core.call('connection.plan', { link })).toMatchObject({
      status: 'new',
      warnings: expect.arrayContaining(['business']) as unknown,
      preview: { profile: { displayName: 'Shop' } },
    })
    expect(await bob.core.refused('connection.connect', { link, message: 'hello' })).toMatchObject({
      code: 'LINK_VERSION',
      reason: 'needs-groups',
    })
    expect(await bob.core.call('connection.list', {})).toEqual([])
    expect(await commandsAt(relay, 'SEND')).toBe(0)
  })

  it('a group or a channel behind the link of a person is named', async () => {
    for (const [lie, looksLike] of [
      [json('{"groupProfile":{"displayName":"g"}}'), 'group'],
      [{ user: { direct: false } }, 'channel'],
    ] as const) {
      const failure = await bob.core.refused('connection.plan', { link: await forge(lie) })
      expect(failure).toMatchObject({ code: 'LINK_INVALID', details: { looksLike } })
    }
  })
})

/** An Ed25519 key that no link here is made with. */
const STRANGER = { privateKey: new Uint8Array(32).fill(7) }

describe('data that its link does not stand for', () => {
  it.each<[string, Lie]>([
    ['signed by nobody whom the root knows', { signer: STRANGER.privateKey }],
    [
      'fixed data with another signature',
      { alter: (part, signed) => (part === 'fixed' ? flip(signed, 10) : signed) },
    ],
    [
      'fixed data changed after the link was made',
      { alter: (part, signed) => (part === 'fixed' ? flip(signed, 80) : signed) },
    ],
    [
      'changing data cut off',
      { alter: (part, signed) => (part === 'user' ? signed.subarray(0, 70) : signed) },
    ],
    ['no changing data', { alter: (part, signed) => (part === 'user' ? new Uint8Array(0) : signed) }],
    ['121 owners, each vouched for by the one before', { owners: (root) => chain(root, 121) }],
    ['an owner whom nobody vouches for', { owners: () => chain(STRANGER.privateKey, 1) }],
    ['the same owner twice', { owners: (root) => [...chain(root, 1), ...chain(root, 1)] }],
    ['another queue', { request: (request) => withQueue(request, { senderId: systemRandom.bytes(24) }) }],
    [
      'another relay',
      { request: (request) => withQueue(request, { server: { ...address, hosts: ['192.0.2.1'] } }) },
    ],
    ['kind of a one-time link', { alter: (part, signed) => (part === 'user' ? retag(signed) : signed) }],
  ])('is not believed: %s', async (_name, lie) => {
    const link = await forge(lie)
    const began = performance.now()
    for (const method of ['connection.plan', 'connection.connect']) {
      const failure = await bob.core.refused(method, { link })
      expect(failure.code).toBe('LINK_INVALID')
      expect(failure.details.retryable).toBe(false)
      expect(failure.message).not.toMatch(/smp|simplex/)
    }
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(await bob.core.call('connection.list', {})).toEqual([])
    expect(await bob.core.call('contact.list', {})).toEqual([])
    expect(await commandsAt(relay, 'SEND')).toBe(0)
  })

  it('and whoever looked at all of it goes on as before, with nothing of it in the log', async () => {
    const { link } = await bob.core.call('invitation.create', {})
    expect(parseConnectionLink(link).form).toBe('short')
    expect(bob.core.log).not.toMatch(/simplex:|displayName|internal\./)
  })
})

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice()
  changed[at]! ^= 1
  return changed
}

/** Behind the signature stands the letter of the kind. */
const retag = (signed: Uint8Array): Uint8Array => {
  const changed = signed.slice()
  changed[65] = 0x49
  return changed
}

function withQueue(request: ContactLink, change: object): ContactLink {
  return { ...request, queues: [{ ...request.queues[0], ...change }] }
}
