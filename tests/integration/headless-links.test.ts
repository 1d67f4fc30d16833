import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, person } from '../tools/people.ts'
import { endAll, type RunningRelay, startRelay } from '../tools/programs.ts'

const GROUP =
  'https://simplex.chat/contact#/?v=2-7&smp=smp%3A%2F%2Fq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s%3D%40smp.example.org%3A5223%2Fzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N%23%2F%3Fv%3D1-4%26dh%3DMCowBQYDK2VuAyEA9bLW5g-Ud-MQwpgtqqbJE2wQihd3xZR-RI-jfWgXRVc%253D%26q%3Dc%26srv%3Dabc.onion&data=%7B%22groupLinkId%22%3A%22AAAA%22%2C%22type%22%3A%22group%22%7D'
const ADDRESS = GROUP.replace(/&data=.*/, '')

describe('links and calls that are wrong', () => {
  let relay: RunningRelay
  let ann: Person
  let link: string
  let fullLink: string
  let connectionId: string

  beforeAll(async () => {
    relay = await startRelay()
    ann = await person('Ann', [relay.address])
    ;({ link, fullLink, connectionId } = await ann.core.call('invitation.create', {}))
  })
  afterAll(endAll)

  it.each<[string, (link: string) => string, string, object?]>([
    ['100 kB of noise', () => 'Z#/?v=<b>\u0007'.repeat(10_000), 'LINK_INVALID', { looksLike: 'text' }],
    [
      '100 kB of noise inside a link',
      (text) => text.replace('smp=', `smp=${'%41'.repeat(33_000)}`),
      'LINK_INVALID',
      { at: expect.any(Number) as number },
    ],
    [
      'a truncated link',
      (text) => text.slice(0, text.length - 60),
      'LINK_INVALID',
      { at: expect.any(Number) as number },
    ],
    ['half a link', (text) => text.slice(0, 120), 'LINK_INVALID', { at: expect.any(Number) as number }],
    ['a version that is too new', (text) => text.replace('v=2-7', 'v=30-70'), 'LINK_VERSION'],
    ['a queue version that is too new', (text) => text.replace('v%3D1-4', 'v%3D30-40'), 'LINK_VERSION'],
    ['a version upside down', (text) => text.replace('v=2-7', 'v=7-2'), 'LINK_INVALID'],
    ['a key of the wrong length', (text) => text.replace(/(x3dh%3D.{8})..../, '$1'), 'LINK_INVALID'],
    ['a queue key of the wrong length', (text) => text.replace(/(dh%3D.{8})..../, '$1'), 'LINK_INVALID'],
    ['a link without keys', (text) => text.replace(/&e2e=.*/, ''), 'LINK_INVALID'],
    ['HTML', () => '<img src=x onerror=alert(1)>', 'LINK_INVALID', { looksLike: 'text' }],
    ['a web address', () => 'https://example.org/a', 'LINK_INVALID', { looksLike: 'web' }],
    ['a link of another app', () => 'https://t.me/somebody', 'LINK_INVALID', { looksLike: 'other-app' }],
    ['a group', () => GROUP, 'LINK_INVALID', { looksLike: 'group' }],
    ['nothing', () => '', 'LINK_INVALID'],
  ])(
    'PLN-5: %s gets its code within a second and changes nothing',
    async (_name, make, code, details = {}) => {
      for (const method of ['connection.plan', 'connection.connect']) {
        const started = performance.now()
        const failure = await ann.core.refused(method, { link: make(fullLink) })
        expect(performance.now() - started).toBeLessThan(1_000)
        expect(failure.code).toBe(code)
        expect(failure.details).toMatchObject({ retryable: false, ...details })
        expect(failure.message).not.toContain('smp')
      }
      expect(await ann.core.call('connection.list', {})).toHaveLength(1)
      expect(await ann.core.call('contact.list', {})).toEqual([])
    },
  )

  it('refuses a text of more than 1 MiB as TOO_LARGE', async () => {
    for (const [method, field] of [
      ['connection.plan', 'link'],
      ['connection.connect', 'link'],
      ['link.parse', 'text'],
    ] as const) {
      expect(await ann.core.refused(method, { [field]: 'x'.repeat(1_048_577) })).toMatchObject({
        code: 'TOO_LARGE',
        details: { limit: 1_048_576, size: 1_048_577 },
      })
    }
  })

  it('PLN-5: a short link that is cut off is damaged, wherever it was cut', async () => {
    for (const cut of [1, 20, 47, 60, 75, 100]) {
      const failure = await ann.core.refused('connection.plan', { link: link.slice(0, link.length - cut) })
      expect(failure.code, `${cut} characters`).toBe('LINK_INVALID')
      expect(failure.details.at).toBeGreaterThan(0)
    }
  })

  it('PLN O: an own link is own', async () => {
    for (const [text, form] of [
      [link, 'short'],
      [fullLink, 'full'],
    ] as const) {
      expect(await ann.core.call('connection.plan', { link: text })).toMatchObject({
        kind: 'invitation',
        status: 'own',
        connectionId,
        link: text,
        form,
        knownRelay: true,
      })
      expect(await ann.core.refused('connection.connect', { link: text })).toMatchObject({
        code: 'LINK_OWN',
        details: { connectionId },
      })
    }
  })

  it('flows.md 7: a name in front of the host is cut off, and said', async () => {
    const web = fullLink.replace('simplex:', 'https://simplex.chat@evil.example')
    const plan = await ann.core.call('connection.plan', { link: web })
    expect(plan.warnings).toContain('user-name')
    expect(plan.link).toBe(fullLink.replace('simplex:', 'https://evil.example'))
  })

  it('the address of a person is recognised without a network', async () => {
    expect(await ann.core.call('connection.plan', { link: ADDRESS })).toMatchObject({
      kind: 'address',
      status: 'new',
      relay: 'smp.example.org:5223',
      knownRelay: false,
      warnings: ['unknown-relay'],
    })
  })

  it('INV-6: a deleted link is refused to others, and its row is gone', async () => {
    const made = await ann.core.call('invitation.create', { name: 'Zoe' })
    await ann.core.call('connection.markShared', { connectionId: made.connectionId })
    expect(await ann.core.call('connection.get', { connectionId: made.connectionId })).toMatchObject({
      phase: 'shared',
      name: 'Zoe',
    })
    expect(await ann.core.call('connection.delete', { connectionId: made.connectionId })).toEqual({
      peerMayWait: false,
    })
    expect(await ann.core.refused('connection.get', { connectionId: made.connectionId })).toMatchObject({
      code: 'NOT_FOUND',
    })
    const bob = await person('Bob', [relay.address])
    // The relay forgets the queue a moment later: until then the link can still be claimed, and nobody answers.
    const failure = await bob.core.refused('connection.connect', { link: made.link })
    expect(failure.code).toBe('LINK_USED')
    await bob.core.stop()
  })

  it.each([
    ['message.edit', {}],
    ['no.such', {}],
    ['toString', {}],
  ])('%s of a later stage answers UNKNOWN_METHOD', async (method, params) => {
    expect((await ann.core.refused(method, params)).code).toBe('UNKNOWN_METHOD')
  })

  it('a parameter of a later stage is refused at its path, and nothing is made', async () => {
    for (const [params, path] of [
      [{ incognito: 'yes' }, 'incognito'],
      [{ expiresAt: 'soon' }, 'expiresAt'],
      [{ relay: 5 }, 'relay'],
    ] as const) {
      expect(await ann.core.refused('invitation.create', params)).toMatchObject({
        code: 'INVALID_PARAMS',
        details: { path, retryable: false },
      })
    }
    expect(await ann.core.call('connection.list', {})).toHaveLength(1)
  })

  it('once makes one thing: repeated, at the same time, and after a restart', async () => {
    const params = { name: 'Once', once: 'one' }
    const [first, second] = await Promise.all([
      ann.core.call('invitation.create', params),
      ann.core.call('invitation.create', params),
    ])
    expect(second).toEqual(first)
    await ann.core.kill()
    const { startHeadless } = await import('../tools/programs.ts')
    ann.core = await startHeadless(ann.dataDir, ann.relays)
    expect(await ann.core.call('invitation.create', params)).toEqual(first)
    expect(await ann.core.call('connection.list', {})).toHaveLength(2)
  })

  it('answers lines that are no calls, and goes on', async () => {
    const answers: unknown[] = []
    const stop = ann.core.onLine((line) => line.event ?? answers.push(line))
    ann.core.child.stdin.write('nonsense\n{"method":"app.get"}\n[]\n\n')
    ann.core.child.stdin.write(`${'x'.repeat(9 * 1_048_576)}\n`)
    await ann.core.call('app.get', {})
    stop()
    expect(answers.slice(0, 4)).toMatchObject(
      Array.from({ length: 4 }, () => ({ id: null, error: { code: 'INVALID_REQUEST' } })),
    )
  })

  it('keeps a list of relays', async () => {
    const address = 'smp://u2dS9sG8nMNURyZwqASV4yROM28Er0luVTx5X1CsMrU=@smp.example.org:5555'
    expect(await ann.core.call('relay.parse', { text: `\n${address}\nnonsense\n\nsmp://abc@host` })).toEqual([
      { line: 2, address, error: null },
      { line: 3, address: null, error: expect.any(String) as string },
      { line: 5, address: null, error: expect.any(String) as string },
    ])
    // A megabyte of short lines would hold up all else for seconds.
    expect(await ann.core.refused('relay.parse', { text: 'a=\n'.repeat(300_000) })).toMatchObject({
      code: 'TOO_LARGE',
      details: { path: 'text', limit: 5_000 },
    })
    await ann.core.call('relay.add', { address })
    expect((await ann.core.refused('relay.add', { address })).code).toBe('ALREADY_EXISTS')
    expect(await ann.core.refused('relay.add', { address: 'smp://x' })).toMatchObject({
      code: 'INVALID_PARAMS',
      details: { path: 'address' },
    })
    await ann.core.call('relay.setEnabled', { address, enabled: false })
    const list = await ann.core.call('relay.list', {})
    expect(list.find((one) => one.address === address)).toMatchObject({
      enabled: false,
      embedded: false,
      queues: 0,
    })
    expect(list.find((one) => one.address === relay.address)).toMatchObject({
      enabled: true,
      state: 'online',
    })
    await ann.core.call('relay.remove', { address })
    expect((await ann.core.refused('relay.remove', { address })).code).toBe('NOT_FOUND')
    const test = await ann.core.call('relay.test', { address: relay.address })
    expect(test).toMatchObject({ ok: true })
    expect(test.steps.map(({ step, ok }) => [step, ok])).toEqual(
      ['reach', 'certificate', 'handshake', 'create', 'use', 'delete'].map((step) => [step, true]),
    )
    await ann.core.call('network.update', { choice: 'preset' })
    const preset = await ann.core.call('relay.list', {})
    expect(preset.filter((one) => one.operator === 'Flux')).toHaveLength(6)
    expect((await ann.core.call('network.update', { choice: 'own' })).choice).toBe('own')
  })
})
