import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contentPolicy, pageFile } from '../../../main/shared/page.ts'

describe('the files of the page', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'duplex-page-'))
    mkdirSync(join(folder, 'page', 'assets'), { recursive: true })
    writeFileSync(join(folder, 'secret.json'), '{}')
    writeFileSync(join(folder, 'page', 'index.html'), '<p>hello')
    writeFileSync(join(folder, 'page', 'assets', 'a-b_c.js'), '1')
    writeFileSync(join(folder, 'page', 'notes.txt'), 'x')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('the root is index.html, with its kind and the content policy', async () => {
    const file = await pageFile(join(folder, 'page'), '/')
    expect(new TextDecoder().decode(file?.body)).toBe('<p>hello')
    expect(file?.headers['Content-Type']).toBe('text/html; charset=utf-8')
    expect(file?.headers['Content-Security-Policy']).toBe(contentPolicy)
    expect(await pageFile(join(folder, 'page'), '/assets/a-b_c.js')).not.toBeNull()
  })

  test.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..\\..\\secret.json',
    '//secret.json',
    '/./index.html',
    '/.hidden.json',
    '/notes.txt',
    '/assets',
    '/index.html\0.js',
    'index.html',
    '/missing.js',
  ])('DSK-6: nothing is served for %j', async (path) => {
    expect(await pageFile(join(folder, 'page'), path)).toBeNull()
  })

  test('the policy allows nothing inline, evaluated or foreign', () => {
    expect(contentPolicy).toMatch(
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self';/,
    )
    // the reader of codes is wasm, which this allows to compile; text is still never evaluated
    expect(contentPolicy.replace("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe|\*|https?:/)
  })
})
