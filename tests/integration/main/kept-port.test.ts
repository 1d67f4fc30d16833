import { createServer, type AddressInfo } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { keepPort } from '../../../main/browser/kept-port.ts'
import { endAll, Program, tempDir } from '../../tools/programs.ts'

afterAll(endAll)

async function portOfHost(dataDir: string): Promise<number> {
  const program = new Program('main/start.ts', ['--browser', '--no-open', '--data', dataDir])
  const { url } = (await program.waitForLine('host.ready', () => true)) as { url: string }
  await program.kill()
  return Number(new URL(url).port)
}

it('a browser finds its page at the same place again, so that theme, divider and camera stay as they were', async () => {
  const dataDir = tempDir()
  const first = await portOfHost(dataDir)
  expect(await portOfHost(dataDir)).toBe(first)
  expect(await portOfHost(tempDir())).not.toBe(first)
})

it('a place that another program has taken, or that nobody can read, is no reason not to open', async () => {
  const dataDir = tempDir()
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as AddressInfo
  keepPort(dataDir, port)
  const other = await portOfHost(dataDir)
  expect(other).not.toBe(port)
  expect(await portOfHost(dataDir)).toBe(other)
  await new Promise((done) => taken.close(done))
})
