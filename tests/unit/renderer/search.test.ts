import { describe, expect, it, vi } from 'vitest'
import type { Found } from '#core/contract'
import { Router, Search } from '../../../renderer/state/index.ts'
import { ScriptedHost } from './scripted-host.ts'

const link = (text: string): Found => ({
  kind: 'link',
  text,
  link: { kind: 'invitation', form: 'full', relay: 'relay.example' },
})

function aSearch(found: Found[]): { search: Search; router: Router; host: ScriptedHost } {
  const host = new ScriptedHost().answer('link.parse', () => found)
  const router = new Router()
  return { search: new Search(host, router), router, host }
}

describe('the search field', () => {
  it('CHL-4: text that is no link is looked for among the messages of this computer alone', async () => {
    vi.useFakeTimers()
    const { search, host, router } = aSearch([])
    host.answer('chat.find', () => ({ contacts: [], connections: [], requests: [], messages: [] }))
    for (const text of ['Ludo', 'a: b', 'what/ever', 'time 10:30', 'C:\\dir', ':)', 'x']) {
      await search.setText(text, true)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    vi.useRealTimers()
    expect(host.calls.map(({ method }) => method)).toEqual(Array(6).fill('chat.find'))
    expect(router.overlay).toBeNull()
    expect(search.state).toMatchObject({ mode: 'filter' })
  })

  it('CHL-2: one link, with a sentence around it, opens its check once and empties afterwards', async () => {
    const { search, router } = aSearch([link('simplex:/invitation#a')])
    await search.setText('look: simplex:/invitation#a !', true)
    expect(search.state).toMatchObject({ mode: 'link', link: { relay: 'relay.example' } })
    expect(router.overlay).toEqual({ name: 'connect', text: 'simplex:/invitation#a', outside: false })
    router.closeOverlay()
    expect(search.state).toEqual({ mode: 'filter', text: '', hits: [], unreadOnly: false })
  })

  it('CHL-3: shows the row alone that a known link leads to', async () => {
    const { search } = aSearch([link('simplex:/invitation#a')])
    await search.setText('simplex:/invitation#a', true)
    search.showRows(['r7'])
    expect(search.state).toMatchObject({ mode: 'link', rows: ['r7'] })
  })

  it('CHL-5: two links ask which one; nothing is checked before one is picked', async () => {
    const { search, router } = aSearch([link('simplex:/a'), link('simplex:/b'), link('simplex:/a')])
    await search.setText('simplex:/a simplex:/b simplex:/a', true)
    if (search.state.mode !== 'choose') throw new Error('no chooser')
    expect(search.state.links.map((one) => one.text)).toEqual(['simplex:/a', 'simplex:/b'])
    expect(router.overlay).toBeNull()
    search.pick(search.state.links[1]!)
    expect(router.overlay).toEqual({ name: 'connect', text: 'simplex:/b', outside: false })
  })

  it('a late answer about text that is gone changes nothing', async () => {
    const host = new ScriptedHost()
    const router = new Router()
    const search = new Search(host, router)
    const first = search.setText('simplex:/a', true)
    search.clear()
    host.last('link.parse').resolve([link('simplex:/a')])
    await first
    expect(search.state).toEqual({ mode: 'filter', text: '', hits: [], unreadOnly: false })
    expect(router.overlay).toBeNull()
  })

  it('PLN-5: pasted text that tried to be a link gets an answer; typed text does not', async () => {
    const { search, router } = aSearch([
      { kind: 'other', text: 'simplex:/invitation#broken', looksLike: 'text' },
    ])
    await search.setText('simplex:/invitation#broken')
    expect(router.overlay).toBeNull()
    await search.setText('simplex:/invitation#broken', true)
    expect(router.overlay).toMatchObject({ name: 'connect' })
  })

  it('PLN-5: a pasted link that was cut behind its path gets an answer, too; a page of the web does not', async () => {
    for (const [text, answered] of [
      ['https://smp6.simplex.im/i#abc', true],
      ['it is https://smp6.simplex.im/invitation/?x=1#/?v', true],
      ['https://example.org/foo', false],
      ['https://example.org/wiki#History', false],
    ] as const) {
      const { search, router } = aSearch([{ kind: 'other', text, looksLike: 'text' }])
      await search.setText(text, true)
      expect(router.overlay !== null, text).toBe(answered)
    }
  })
})
