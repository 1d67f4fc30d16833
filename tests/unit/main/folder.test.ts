import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  chosenFolder,
  freshFolder,
  makeFolder,
  rememberFolder,
  workFolder,
} from '../../../main/shared/folder.ts'
import { mustExist, parseHostOptions } from '../../../main/shared/options.ts'

let folder = ''
const before = process.env['XDG_DATA_HOME']

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'duplex-folder-'))))
afterEach(() => {
  if (before === undefined) delete process.env['XDG_DATA_HOME']
  else process.env['XDG_DATA_HOME'] = before
  rmSync(folder, { recursive: true, force: true })
})

describe('making a data folder', () => {
  test('every missing one is made for its owner alone, whatever the mask of the process', () => {
    const mask = process.umask(0)
    makeFolder(join(folder, 'a', 'b', 'c'))
    process.umask(mask)
    if (process.platform === 'win32') return
    for (const path of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o700)
  })

  test('a file, a broken link and a link to itself in its place are refused', () => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync(join(folder, 'self'), join(folder, 'self'))
    symlinkSync(join(folder, 'nothing'), join(folder, 'broken'))
    for (const name of ['file', 'file/below', 'self', 'self/below', 'broken'])
      expect(() => makeFolder(join(folder, name))).toThrow()
  })

  test.runIf(process.platform === 'linux')('where no folder can be made, it ends', () => {
    expect(() => makeFolder('/proc/duplex/x')).toThrow()
  })
})

describe.runIf(process.platform === 'linux')('another folder than the usual one', () => {
  test('is opened from then on without --data, and nothing is begun where it is gone', () => {
    process.env['XDG_DATA_HOME'] = folder
    const usual = join(folder, 'duplex')
    expect(parseHostOptions([], 'strict').dataDir).toBe(usual)
    expect(mustExist(parseHostOptions([], 'strict'))).toBe(false)
    const other = join(folder, 'other')
    expect(rememberFolder(usual, other)).toBe(true)
    const options = parseHostOptions([], 'strict')
    expect(options).toMatchObject({ dataDir: other, dataGiven: false })
    expect(mustExist(options)).toBe(true)
    expect(parseHostOptions(['--data', '/named'], 'strict').dataDir).toBe('/named')
    expect(existsSync(usual)).toBe(false)
  })

  test('the usual one, chosen again, is the usual one; what is no path is none', () => {
    const usual = join(folder, 'duplex')
    rememberFolder(usual, usual)
    expect(chosenFolder(usual)).toBeNull()
    for (const text of ['', 'relative', '\0']) {
      writeFileSync(`${usual}.chosen`, text)
      expect(chosenFolder(usual)).toBeNull()
    }
  })

  test('a new one stands beside the old one under a name that nothing has', () => {
    const usual = join(folder, 'duplex')
    for (const name of ['duplex', 'duplex-2', 'duplex-3']) mkdirSync(join(folder, name))
    expect(freshFolder(usual)).toBe(`${usual}-4`)
  })

  test('a folder with other things in it gets one of ours inside', () => {
    expect(workFolder(folder)).toBe(folder)
    writeFileSync(join(folder, 'letter.txt'), '')
    expect(workFolder(folder)).toBe(join(folder, 'Duplex'))
    writeFileSync(join(folder, 'duplex.db'), '')
    expect(workFolder(folder)).toBe(folder)
  })
})
