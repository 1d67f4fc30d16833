import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The rules of the rooms are worth something only while they bite: each planted fault must be found. */
const faults: Record<string, string> = {
  'core/crypto/a.ts': "import '#core/chat'",
  'core/chat/b.ts': "import '#core/relay'",
  'core/encoding/c.ts': "import '../crypto/index.ts'",
  'core/base/d.ts': "import 'electron'",
  'core/agent/e.ts': 'export const title = document.title',
  'core/client/f.ts': 'export const now = Date.now()',
  'core/relay/g.ts': 'setTimeout(() => undefined, 1)',
  'renderer/state/h.ts': "import 'node:fs'",
  'renderer/ui/i.ts': "import '#core/agent'",
  'renderer/host/j.ts': 'export const here = process.cwd()',
  'renderer/features/chats/k.ts': "import '../pending/index.ts'",
  'preload/l.ts': "import '#core/contract'",
  'main/shared/m.ts': "import 'electron'",
}

let folder = ''
let found = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'duplex-lint-'))
  // Rules that ask the compiler are left out: they are not what is tested, and there is no project around the faults.
  const rules = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as object
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ ...rules, options: { typeAware: false } }))
  for (const [path, text] of Object.entries(faults)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${text}\nexport {}\n`)
  }
  const { stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/oxlint/bin/oxlint'), '-f', 'unix', '.'],
    { cwd: folder, encoding: 'utf8' },
  )
  found = stdout
}, 30_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(Object.keys(faults))('a planted fault in %s is found', (path) => {
  expect(found).toMatch(
    new RegExp(`^${path.replaceAll('.', '\\.')}:.*no-restricted-(imports|globals|properties)`, 'm'),
  )
})
