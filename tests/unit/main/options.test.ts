import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  coreArguments,
  defaultDataDir,
  OptionsError,
  parseHostOptions,
} from '../../../main/shared/options.ts'

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
    expect(() => parseHostOptions(['--relai', 'a'], 'strict')).toThrow(OptionsError)
    expect(() => parseHostOptions(['stray'], 'strict')).toThrow(OptionsError)
    expect(() => parseHostOptions(['--port', '70000'], 'strict')).toThrow(/--port/)
    expect(() => parseHostOptions(['--port', '0x50'], 'strict')).toThrow(/--port/)
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
    expect(defaultDataDir('win32', { APPDATA: '/roaming' })).toBe('/roaming/Duplex')
    expect(defaultDataDir('darwin', {})).toMatch(/Library\/Application Support\/Duplex$/)
  })
})
