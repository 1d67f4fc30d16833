import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '#core/base'
import { cryptoReady, systemRandom } from '#core/crypto'
import { type Blocking, backUpFile, rotateCertificate } from '#core/relay'
import { lockFolder } from '../shared/data-lock.ts'
import { askRunning } from './control.ts'

/* What works beside the running relay. Each says on stdout what it did, as one line of JSON. */

export class CommandFailed extends Error {}

export async function backUp(dataDir: string, file: string): Promise<void> {
  if (!existsSync(join(dataDir, 'relay.db'))) throw new CommandFailed('this folder holds no relay')
  const running = await askRunning(dataDir, { do: 'backup', file })
  if (!running) {
    const lock = lockFolder(dataDir)
    try {
      await backUpFile(dataDir, file, systemClock.now())
    } finally {
      lock.release()
    }
  }
  say('relay.backup', { file, bytes: statSync(file).size, running })
  process.stderr.write(
    'The backup holds the queues. The identity is not in it: keep a copy of identity/ too.\n',
  )
}

export async function rotate(dataDir: string, caKey: string | null): Promise<void> {
  await cryptoReady()
  const caKeyPem = caKey === null ? undefined : readKey(caKey)
  if (caKeyPem === undefined && !existsSync(join(dataDir, 'identity', 'ca.key')))
    throw new CommandFailed('identity/ca.key is not in this folder: name it with --ca-key FILE')
  rotateCertificate(dataDir, systemRandom, systemClock.now(), caKeyPem)
  const running = await askRunning(dataDir, { do: 'reload' })
  say('relay.rotated', { running })
  const when = running
    ? 'The running relay shows it to everybody who connects from now on.'
    : 'It is used from the next start on.'
  process.stderr.write(`A new online certificate is in place, the address stays the same. ${when}\n`)
}

/** Null: opens it again. */
export async function block(dataDir: string, queue: string, blocking: Blocking | null): Promise<void> {
  const running = await askRunning(dataDir, { do: 'block', queue, blocking })
  if (!running) throw new CommandFailed('no relay runs on this folder that could be told')
  say(blocking ? 'relay.blocked' : 'relay.unblocked', blocking ? { reason: blocking.reason } : {})
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CommandFailed('the file of --ca-key cannot be read', { cause })
  }
}

function say(event: string, data: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ event, data })}\n`)
}
