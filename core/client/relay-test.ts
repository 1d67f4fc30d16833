import { type Millis, deadline, isAppError } from '#core/base'
import { generateEd25519, generateX25519 } from '#core/crypto'
import { type AuthKey, type RelayAddress, passwordBytes } from '#core/protocol'
import { type ClientSession, dialTls, finishHandshake, verifyServerHello } from '#core/transport'
import { ClientError, RelayRefused, asClientError, unreachable } from './errors.ts'
import { RelayConnection } from './relay-connection.ts'
import type { LinkDeps } from './relay-link.ts'
import type { RelayCommand, RelayTestResult, RelayTestStep } from './types.ts'

const nothing = new Uint8Array(0)

/** Walks through everything that a relay must do, on a connection of its own that is closed at the end. */
export async function testRelay(
  address: RelayAddress,
  deps: LinkDeps,
  signal?: AbortSignal,
): Promise<RelayTestResult> {
  const report = new Report(deps)
  using limit = deadline(deps.clock, deps.limits.requestMs, signal, () => unreachable('timeout'))
  let connection: RelayConnection | null = null
  try {
    const session = await openSession(address, deps, report, limit.signal)
    const open = new RelayConnection(session, deps, { onEvent: () => {}, onClose: () => {} })
    connection = open
    await useQueue(address, deps, report, (command) => open.request(command, { signal: limit.signal }))
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (!isAppError(error)) throw error
  } finally {
    connection?.close(new ClientError('relay.closed', 'the test is over'))
  }
  return report.result()
}

async function openSession(
  address: RelayAddress,
  deps: LinkDeps,
  report: Report,
  signal: AbortSignal,
): Promise<ClientSession> {
  const { clock, random } = deps
  const options = { keyHash: address.keyHash, clock, random, signal }
  const dialed = await report.step('reach', () => dialTls(address, { signal, clock }))
  const hello = await report.step('certificate', () => verifyServerHello(dialed, options))
  return report.step('handshake', () => finishHandshake(dialed.blocks, hello, options))
}

/** Makes a queue, takes it into use, removes it: nothing is left behind. */
async function useQueue(
  address: RelayAddress,
  deps: LinkDeps,
  report: Report,
  request: (command: RelayCommand) => ReturnType<RelayConnection['request']>,
): Promise<void> {
  const auth = generateEd25519(deps.random)
  const key: AuthKey = { algorithm: 'ed25519', privateKey: auth.privateKey }
  const rcvId = await report.step('create', async () => {
    const answer = await request({
      entityId: nothing,
      key,
      command: {
        type: 'NEW',
        rcvAuthKey: { algorithm: 'ed25519', raw: auth.publicKey },
        rcvDhKey: generateX25519(deps.random).publicKey,
        password: passwordBytes(address),
        subscribe: false,
        request: { mode: 'M', link: null },
        notifier: null,
      },
    })
    if (answer.type !== 'IDS') throw new ClientError('relay.protocol', 'NEW was answered by something else')
    return answer.rcvId.slice()
  })
  await report.step('use', () => request({ entityId: rcvId, key, command: { type: 'SUB' } }))
  await report.step('delete', () => request({ entityId: rcvId, key, command: { type: 'DEL' } }))
}

class Report {
  readonly #deps: LinkDeps
  readonly #steps: RelayTestResult['steps'] = []
  readonly #startedAt: Millis

  constructor(deps: LinkDeps) {
    this.#deps = deps
    this.#startedAt = deps.clock.now()
  }

  async step<T>(step: RelayTestStep, work: () => Promise<T>): Promise<T> {
    const startedAt = this.#deps.clock.now()
    const elapsed = (): Millis => this.#deps.clock.now() - startedAt
    try {
      const result = await work()
      this.#steps.push({ step, ok: true, ms: elapsed() })
      return result
    } catch (error) {
      const reason = asClientError(error)
      this.#steps.push({ step, ok: false, ms: elapsed(), error: codeOf(reason, step) })
      throw reason
    }
  }

  result(): RelayTestResult {
    const failed = this.#steps.find((step) => !step.ok)
    const roundTripMs = this.#deps.clock.now() - this.#startedAt
    return failed
      ? { ok: false, ...(failed.error === undefined ? {} : { error: failed.error }), steps: this.#steps }
      : { ok: true, roundTripMs, steps: this.#steps }
  }
}

/** AUTH to a NEW means that the password is wrong or missing, or that no queues are made there. smp.md 5.4 */
function codeOf(error: unknown, step: RelayTestStep): string {
  if (error instanceof RelayRefused && error.smpError.type === 'AUTH' && step === 'create')
    return 'relay.auth'
  return isAppError(error) ? error.code : 'relay.unreachable'
}
