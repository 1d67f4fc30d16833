import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Rollup, build } from 'vite'
import { asksForHelp } from '../shared/arguments.ts'
import { PAGE } from './page-file.ts'

/*
 * Puts the landing page into one file: style and script stand inside, and the content policy names both by their hash,
 * so that nothing else runs and nothing is ever loaded, whoever serves the file.
 */

if (asksForHelp(process.argv.slice(2))) {
  process.stdout.write(
    'usage: node main/landing/build.ts\n\nMakes the page for links, dist/landing/index.html.\n',
  )
  process.exit(0)
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const source = (name: string): string => join(root, 'main/landing/page', name)

async function bundledScript(): Promise<string> {
  const made = await build({
    configFile: false,
    root: dirname(source('page.ts')),
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: source('page.ts'), formats: ['iife'], name: 'landing' },
    },
  })
  const outputs = [made].flat() as Rollup.RollupOutput[]
  const code = outputs[0]?.output[0].code ?? ''
  if (code === '' || /<\/script|<!--/i.test(code)) throw new Error('the script cannot stand inside a page')
  return code.trim()
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const script = await bundledScript()
const style = readFileSync(source('page.css'), 'utf8').trim()
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')
const html = readFileSync(source('page.html'), 'utf8')
  .replace('POLICY', () => policy)
  .replace('<link rel="stylesheet" href="page.css" />', () => `<style>${style}</style>`)
  .replace('<script src="page.ts"></script>', () => `<script>${script}</script>`)

if (/page\.css|page\.ts|POLICY/.test(html.replaceAll(style, '')))
  throw new Error('a part of the page is missing')

const target = join(root, PAGE)
mkdirSync(dirname(target), { recursive: true })
// Two programs may build at once; each puts a whole file in place.
const draft = `${target}.${process.pid}`
writeFileSync(draft, html)
renameSync(draft, target)
