import { describe, expect, it } from 'vitest'
import { findLinks } from '#core/chat'
import { linkReaders } from '../../../core/app/link-readers.ts'

// agent.md 5.3 and 5.4, own keys
const INVITATION =
  'simplex:/invitation#/?v=2-7&smp=smp%3A%2F%2Fq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s%3D%40smp.example.org%2Fzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N%23%2F%3Fv%3D1-4%26dh%3DMCowBQYDK2VuAyEA9bLW5g-Ud-MQwpgtqqbJE2wQihd3xZR-RI-jfWgXRVc%253D%26q%3Dm%26k%3Ds&e2e=v%3D2-3%26x3dh%3DMEIwBQYDK2VvAzkAEv526mrt7HpnNeXIY6eVSFz-usO4wc20zLJL461iemXNZFUeRt-NlTbCOaI3x56hFygmEdQPI90%3D%2CMEIwBQYDK2VvAzkAz9rCfJFTHXMIzI4hUDicHgp-o69wiG0IIlJGlbXT4cCw9Ho8XqsJMmwPp9qtjM_g0nvQ4zQEahs%3D'
const GROUP =
  'https://simplex.chat/contact#/?v=2-7&smp=smp%3A%2F%2Fq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s%3D%40smp.example.org%3A5223%2Fzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N%23%2F%3Fv%3D1-4%26dh%3DMCowBQYDK2VuAyEA9bLW5g-Ud-MQwpgtqqbJE2wQihd3xZR-RI-jfWgXRVc%253D%26q%3Dc%26srv%3Dabc.onion&data=%7B%22groupLinkId%22%3A%22AAAA%22%2C%22type%22%3A%22group%22%7D'
const SHORT =
  'https://smp8.simplex.im/i#7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const ADDRESS =
  'https://smp.example.org/a#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8?h=abc.onion&p=5223&c=q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s'
const RELAY =
  'smp://u2dS9sG8nMNURyZwqASV4yROM28Er0luVTx5X1CsMrU=@smp4.simplex.im,o5vmywmrnaxalvz6wi3zicyftgio6psuvyniis6gco6bp6ekl4cqj4id.onion'
const CODE = '12345 67890 12345 67890 12345 67890 12345 67890 12345 67890 12345 67890 12345 67890 12345 678'

const find = (text: string) => findLinks(text, linkReaders)

describe('links in pasted text', () => {
  it.each([
    ['as it is', INVITATION],
    ['with spaces and line breaks around', ` \r\n\t${INVITATION}\n \n`],
    ['in angle brackets', `<${INVITATION}>`],
    ['in quotes', `"${INVITATION}"`],
    ['in typographic quotes', `“${INVITATION}”`],
    ['in a sentence, with its full stop', `Hi! Please use ${INVITATION}. See you.`],
    ['as a markdown link', `[join me](${INVITATION})`],
    ['in bold', `**${INVITATION}**`],
    [
      'with zero-width characters inside and around',
      `\u200b${INVITATION.slice(0, 30)}\u2060${INVITATION.slice(30)}\ufeff`,
    ],
    ['with a soft hyphen', `${INVITATION.slice(0, 60)}\u00ad${INVITATION.slice(60)}`],
    ['broken over lines by a mail program', INVITATION.replace(/(.{76})/g, '$1\r\n')],
    ['broken over lines in a quoted reply', `> ${INVITATION.replace(/(.{70})/g, '$1\n> ')}`],
    ['with &amp; for &', INVITATION.replaceAll('&', '&amp;')],
    ['under our own scheme', INVITATION.replace('simplex:', 'duplex:')],
    ['with the scheme in capitals', INVITATION.replace('simplex:', 'SIMPLEX:')],
  ])('CHL-2: finds the link %s', (_how, text) => {
    expect(find(text)).toEqual([
      {
        kind: 'link',
        text: INVITATION,
        link: { kind: 'invitation', form: 'full', relay: 'smp.example.org', community: null },
      },
    ])
  })

  it('PLN-7: repairs a trailing dot once, and the repaired text is what comes back', () => {
    expect(find(`${INVITATION}.`)[0]?.text).toBe(INVITATION)
    expect(find(`${INVITATION}?!…`)[0]?.text).toBe(INVITATION)
  })

  it('finds everything in order of appearance', () => {
    const text = `first ${ADDRESS}, then ${RELAY} and ${CODE} and https://example.org/x and ${SHORT}`
    expect(find(text).map(({ kind, text: part, looksLike }) => [kind, part, looksLike])).toEqual([
      ['link', ADDRESS, undefined],
      ['relay', RELAY, undefined],
      ['securityCode', CODE, undefined],
      ['other', 'https://example.org/x', 'web'],
      ['link', SHORT, undefined],
    ])
  })

  it('says what other things look like', () => {
    const looks = (text: string): unknown => find(text)[0]?.looksLike
    expect(looks('https://example.org')).toBe('web')
    expect(looks('example.org/path')).toBe('web')
    expect(looks('https://t.me/somebody')).toBe('other-app')
    expect(looks('sgnl://signal.group/#x')).toBe('other-app')
    expect(looks('mailto:a@example.org')).toBe('other-app')
    expect(looks('just some words')).toBe('text')
    expect(looks('javascript://alert(1)')).toBe('text')
    expect(looks(GROUP)).toBe('group')
    expect(looks(ADDRESS.replace('/a#', '/g#'))).toBe('group')
    expect(looks(ADDRESS.replace('/a#', '/c#'))).toBe('channel')
    expect(find('   ')).toEqual([])
  })

  it('tells a broken link and one of another version from no link at all', () => {
    expect(find(INVITATION.slice(0, 200))[0]).toMatchObject({
      kind: 'other',
      problem: { code: 'link.invalid', at: expect.any(Number) as number },
    })
    expect(find(INVITATION.replace('v=2-7', 'v=20-70'))[0]).toMatchObject({
      kind: 'link',
      link: { kind: 'invitation' },
      problem: { code: 'link.version' },
    })
  })

  it('reads a code without spaces, and with line breaks', () => {
    expect(find(CODE.replaceAll(' ', ''))[0]).toEqual({ kind: 'securityCode', text: CODE })
    expect(find(CODE.replace(/(.{24})/g, '$1\n'))[0]).toEqual({ kind: 'securityCode', text: CODE })
    expect(find('12345 67890')[0]?.kind).toBe('other')
  })

  it.each([
    ['noise', 'Z'.repeat(1_048_576)],
    ['spaces', ' '.repeat(1_048_576)],
    ['many starts', 'simplex:/'.repeat(116_000)],
    ['many starts with spaces', 'simplex:/i#x '.repeat(80_000)],
    ['wrapped starts', 'simplex:/invitation#/?v=1\n'.repeat(40_000)],
    ['one endless link', `simplex:/invitation#/?v=2-7&smp=${'%41'.repeat(340_000)}`],
    ['dots', '.'.repeat(1_048_576)],
    ['digits', '12345 '.repeat(170_000)],
    ['digits with gaps', `12345${' '.repeat(30)}`.repeat(29_000)],
    ['letters before colons', 'abcdefgh:'.repeat(116_000)],
    ['invisible', '\u200b'.repeat(1_000_000)],
  ])('reads 1 MiB of %s within a second', (_name, text) => {
    // Time of the processor, not of the wall: other programs may keep the machine busy.
    const started = process.cpuUsage()
    find(text)
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(1_000)
  })
})
