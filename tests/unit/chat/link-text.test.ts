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

  const short = (text: string) => ({
    kind: 'link',
    text,
    link: expect.objectContaining({ form: 'short' }) as unknown,
  })
  const KNOWN =
    'https://smp16.simplex.im/i#7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
  const FOREIGN =
    'simplex:/a#AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8?h=relay.example.org&p=5223&c=q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s'
  const keys = KNOWN.slice(KNOWN.indexOf('#') + 1)

  it.each([
    ['without a scheme', `smp16.simplex.im/i#${keys}`],
    ['without a scheme, after a sentence', `Here it is.\nsmp16.simplex.im/i#${keys}`],
    ['without a scheme, after a word', `Here:\n> smp16.simplex.im/i#${keys}`],
    ['without a scheme, in a sentence', `take smp16.simplex.im/i#${keys}, please`],
    ['with http', KNOWN.replace('https:', 'http:')],
    ['with a parameter of a tracker', KNOWN.replace('/i#', '/i?utm_source=x&utm_campaign=a/b#')],
    ['with a parameter of a tracker and a slash', KNOWN.replace('/i#', '/i/?fbclid=Iw.0_x#')],
    ['with %23', KNOWN.replace('#', '%23')],
    [
      'with %23 and all that follows escaped',
      KNOWN.replace('#', '%23').replace('f/AA', 'f%2FAA').replace('v/AA', 'v%2FAA'),
    ],
    ['escaped as a whole', encodeURIComponent(KNOWN)],
    ['as a page passes it on', `https://www.google.com/url?q=${encodeURIComponent(KNOWN)}&sa=D&usg=x`],
    [
      'as a mail filter passes it on',
      `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(KNOWN)}&data=05%7C01&reserved=0`,
    ],
    ['with its host in capitals', KNOWN.replace('smp16.simplex.im', 'SMP16.SimpleX.IM')],
    ['with the dot of the root behind its host', KNOWN.replace('.im/', '.im./')],
    ['with everything in capitals that may be', KNOWN.replace('https://smp16', 'HTTPS://Smp16')],
    ['with a break before its keys', KNOWN.replace('#', '\n#')],
    ['with a break within its host', KNOWN.replace('smp16.', 'smp16.\n')],
    ['with a break within its host and no scheme', KNOWN.replace('https://smp16.', 'smp16.\r\n> ')],
    ['as JSON writes it', JSON.stringify(KNOWN).replaceAll('/', '\\/').replace('#', '\\u0023')],
    ['as Markdown guards it', KNOWN.replaceAll('_', '\\_').replaceAll('-', '\\-')],
    ['with numbers for signs', KNOWN.replace('#', '&#35;').replace('v/AA', 'v&#x2F;AA')],
    ...['。', '）', '،', '—', '→', '谢谢', '、', '”', '…', '\u00a0', '！', 'é'].flatMap((sign) => [
      [`with ${sign} behind it`, `${KNOWN}${sign}`],
      [`with ${sign} before it`, `${sign}${KNOWN}`],
      [`with ${sign} before it and no scheme`, `${sign}smp16.simplex.im/i#${keys}${sign}x`],
    ]),
  ])('finds a short link %s', (_how, text) => {
    expect(find(text)).toEqual([short(KNOWN)])
  })

  it.each([
    ['right after a dot', FOREIGN.replace('relay.', 'relay.\n')],
    ['right before a dot', FOREIGN.replace('relay.', 'relay\n.')],
    ['before its hosts', FOREIGN.replace('?h=', '\n?h=')],
    ['within the word of a parameter', FOREIGN.replace('&c=', '&\n  c=')],
    ['of a mail in its source', FOREIGN.replaceAll('=', '=3D').replace('relay.', 'relay.=\n')],
  ])('never makes another host of a link that is broken %s', (_how, text) => {
    expect(find(text)).toEqual([short(FOREIGN)])
  })

  it.each([
    ['before its keys', INVITATION.replace('#/?', '\n#/?')],
    ['within the path', INVITATION.replace('invitation', 'invi\ntation')],
    ['after a dot of its host', INVITATION.replace('smp.example', 'smp.\nexample')],
    [
      'on the web, before its keys',
      INVITATION.replace('simplex:/invitation#', 'https://simplex.chat/invitation\r\n#'),
    ],
    [
      'with a parameter of a tracker',
      INVITATION.replace('simplex:/invitation#', 'https://simplex.chat/invitation?fbclid=X#'),
    ],
    ['with too many slashes', INVITATION.replace('simplex:/', 'simplex:///')],
    ['without a scheme', INVITATION.replace('simplex:/invitation#', 'www.simplex.chat/invitation#')],
    ['with %23', INVITATION.replace('invitation#', 'invitation%23')],
    ['escaped as a whole', encodeURIComponent(INVITATION)],
  ])('finds a full link broken or changed %s', (_how, text) => {
    const found = find(text)
    expect(found).toHaveLength(1)
    expect(found[0]?.link).toMatchObject({ kind: 'invitation', form: 'full', relay: 'smp.example.org' })
    expect(found[0]?.text.slice(-200)).toBe(INVITATION.slice(-200))
  })

  it('does not stop a broken link before the word that it leads into a group', () => {
    for (let width = 40; width < 120; width++) {
      const broken = GROUP.replace(new RegExp(`(.{${width}})`, 'g'), '$1\n')
      expect(
        find(broken).map(({ looksLike }) => looksLike),
        `lines of ${width}`,
      ).toEqual(['group'])
    }
  })

  it('finds relays as people write them', () => {
    const plain = { kind: 'relay', text: RELAY }
    for (const text of [`${RELAY}/`, `‹${RELAY}›`, `"${RELAY}"`, RELAY.replace('smp:', 'SMP:'), `${RELAY}。`])
      expect(find(text)).toEqual([plain])
    const six = RELAY.replace(/@.*/, '@[::1]:5223')
    expect(find(`here: ${six}, so`)).toEqual([{ kind: 'relay', text: six }])
    expect(find(`(${six})`)).toEqual([{ kind: 'relay', text: six }])
  })

  it('NTS-10: says what else of this network a text holds', () => {
    const looks = (text: string): unknown => find(text)[0]?.looksLike
    expect(looks(ADDRESS.replace('/a#', '/r#'))).toBe('relay')
    expect(looks('simplex:/file#/?desc=abc')).toBe('file')
    expect(looks('https://simplex.chat/file#/?desc=abc')).toBe('file')
    expect(looks('simplex:/name@alice.simplex')).toBe('name')
    expect(looks('simplex:/name#team')).toBe('name')
    expect(looks('@alice.simplex')).toBe('name')
    expect(looks('write to @alice.friends.simplex today')).toBe('name')
    expect(looks('#team.testing')).toBe('name')
    expect(looks('bob@alice.simplex')).toBe('text')
    expect(looks('@alice')).toBe('text')
    expect(looks('#team')).toBe('text')
  })

  it.each(['a/b#c', 'see p.3/a#1 of it', 'x = y.zz/i?q', 'and/or', 'TCP/IP #1', '50%23 off', 'e.g./a'])(
    'takes %j for text',
    (text) => {
      expect(find(text).filter(({ kind }) => kind !== 'other')).toEqual([])
    },
  )

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
    ['hosts without a scheme', 'a.bc/i#'.repeat(140_000)],
    ['labels', 'a.'.repeat(520_000)],
    ['half a path', 'aa.bc/i?'.repeat(130_000)],
    ['names', '@a.'.repeat(340_000)],
    ['pages that pass on', `https://a.bc/?u=`.repeat(65_000)],
    ['relays with slashes', `smp://a@b${'/'.repeat(16_000)}x `.repeat(65)],
    ['quoted printable', 'simplex:/i#=3D\n'.repeat(69_000)],
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
