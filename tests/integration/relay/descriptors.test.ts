import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { portOf, tempDir } from '../../tools/programs.ts'
import { root } from '../../tools/steps.ts'

const held = new Set<Socket>()
afterAll(() => held.forEach((socket) => socket.destroy()))

function knock(port: number): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => socket.destroy())
  held.add(socket)
  return socket
}

/** By a descriptor that is there again: what is no TLS is sent away. */
function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = knock(port)
    socket.once('connect', () => socket.write('this is no hello of TLS'))
    socket.once('data', () => resolve(true)).once('close', () => resolve(true))
    setTimeout(() => resolve(false), 1_000)
  })
}

test.runIf(process.platform !== 'win32')(
  'a relay that runs out of file descriptors outlives it, and takes newcomers when there are some again',
  async () => {
    const args = ['main/relay.ts', '--data', tempDir(), '--host', '127.0.0.1', '--port', '0']
    const program = spawn('sh', ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, ...args], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'ignore'],
      // as npm starts it: it watches whether npm is still there
      env: { ...process.env, npm_lifecycle_event: 'relay' },
    })
    try {
      const [line] = (await once(createInterface({ input: program.stdout }), 'line')) as [string]
      const { address } = (JSON.parse(line) as { data: { address: string } }).data
      const port = portOf(address)
      for (let n = 0; n < 200; n++) knock(port)
      await new Promise((resolve) => setTimeout(resolve, 500))
      for (const socket of held) socket.destroy()
      expect(program.exitCode).toBeNull()
      await expect.poll(() => isAnswered(port), { timeout: 10_000 }).toBe(true)
    } finally {
      program.kill()
    }
  },
)
