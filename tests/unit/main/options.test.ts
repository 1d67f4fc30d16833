import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UsageError, nearestOf, readArguments } from '../../../main/shared/arguments.ts'
import { coreArguments, defaultDataDir, parseHostOptions } from '../../../main/shared/options.ts'

describe('the command line of the hosts', () => {
  test('every option of api.md is read, relays several times', () => {
    const args = ['--browser', '--port', '8080', '--no-open', '--data', 'x', '--relay', 'a', '--relay', 'b']
    expect(parseHostOptions(args, 'strict')).toEqual({
      dataDir: resolve('x'),
      dataGiven: true,
      relays: ['a', 'b'],
      browser: true,
      port: 8080,
      open: false,
      link: null,
    })
  })

  test('nothing given: the usual folder, a free port, a browser that opens', () => {
    const options = parseHostOptions([], 'strict')
    expect(options).toMatchObject({ dataGiven: false, relays: [], browser: false, port: 0, open: true })
    expect(options.dataDir).toBe(resolve(defaultDataDir(process.platform, process.env)))
  })

  test('a misspelt option and an impossible port are refused', () => {
    expect(() => parseHostOptions(['--relai', 'a'], 'strict')).toThrow(UsageError)
    expect(() => parseHostOptions(['stray'], 'strict')).toThrow(UsageError)
    expect(() => parseHostOptions(['--port', '70000'], 'strict')).toThrow(/--port/)
    expect(() => parseHostOptions(['--port', '0x50'], 'strict')).toThrow(/--port/)
  })

  test.each([
    ['--relai', '--relay'],
    ['--dta', '--data'],
    ['--no-opne', '--no-open'],
    ['--bowser', '--browser'],
    ['--Port', '--port'],
    ['browser', '--browser'],
  ])('%s is answered with %s, the nearest that there is', (given, meant) => {
    expect(() => parseHostOptions([given, 'x'], 'strict')).toThrow(`Did you mean ${meant}?`)
  })

  test('what is near nothing suggests nothing, and control characters do not reach the terminal', () => {
    expect(nearestOf('verbose', ['data', 'relay', 'browser', 'port'])).toBeNull()
    expect(() => parseHostOptions(['--\u001b[2Jx'], 'strict')).toThrow('there is no option --?[2Jx')
  })

  test.each([
    [['--data'], '--data needs a value'],
    [['--data', '--browser'], '--data needs a value'],
    [['--data', ''], 'takes the name of a folder'],
    [['--data='], 'takes the name of a folder'],
    [['--data', '  '], 'takes the name of a folder'],
    [['--browser=yes'], '--browser takes no value'],
    [['--relay', 'https://example.org', '--dat', 'x'], 'Did you mean --data?'],
  ])('%j is refused: %s', (args, why) => {
    expect(() => parseHostOptions(args, 'strict')).toThrow(why)
  })

  test('a value that begins with a hyphen is one', () => {
    const flags = { queue: { type: 'string' } } as const
    expect(readArguments(['--queue=-ab'], flags, 'words').values['queue']).toBe('-ab')
  })

  test("inside Electron, Chromium's own switches are passed over", () => {
    const args = ['--no-sandbox', '--remote-debugging-port=0', '/app', '--data', 'x', '--relay', 'a']
    expect(parseHostOptions(args, 'lenient')).toMatchObject({ dataDir: resolve('x'), relays: ['a'] })
  })

  test('a link stands last, and nothing that follows it is read as an option', () => {
    const link = 'duplex:/invitation#/?v=2-7'
    expect(parseHostOptions(['--data', 'x', link], 'strict')).toMatchObject({ link, dataDir: resolve('x') })
    expect(parseHostOptions(['/app', link], 'lenient')).toMatchObject({ link, dataGiven: false })
    expect(parseHostOptions(['/app', link, '--data', '/else'], 'lenient')).toMatchObject({
      link,
      dataGiven: false,
    })
    expect(() => parseHostOptions([link, '--data', 'x'], 'strict')).toThrow(/stands last/)
    expect(() => parseHostOptions([link, link], 'strict')).not.toThrow(link)
  })

  test('what a host was told goes on to the core unchanged', () => {
    expect(coreArguments({ dataDir: '/d', relays: ['a', 'b'] })).toEqual([
      '--data',
      '/d',
      '--relay',
      'a',
      '--relay',
      'b',
    ])
  })

  test('each system has its own usual folder', () => {
    expect(defaultDataDir('linux', { XDG_DATA_HOME: '/x' })).toBe('/x/duplex')
    for (const none of ['', ' ', 'relative', './here'])
      expect(defaultDataDir('linux', { XDG_DATA_HOME: none })).toMatch(/^\/.*\.local\/share\/duplex$/)
    expect(defaultDataDir('win32', { APPDATA: '' })).toMatch(/AppData.Roaming.Duplex$/)
    expect(defaultDataDir('win32', { APPDATA: '/roaming' })).toBe('/roaming/Duplex')
    expect(defaultDataDir('darwin', {})).toMatch(/Library\/Application Support\/Duplex$/)
  })
})
