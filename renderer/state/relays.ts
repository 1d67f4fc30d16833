/** What every screen about relays shares: kinds, names to show, adding, and a test that runs. */
import type { ContractError, RelayEntry, RelayTest } from '#core/contract'
import type { Host } from '../host/index.ts'
import { toFailure } from '../host/index.ts'

/** Host and port of a relay, whether the contract gave its address (`smp://key:password@host,onion:port`) or its host. */
export function relayHost(address: string): string {
  const place = relayPlace(address)
  const [hosts = '', ...rest] = place.split(/(?=[:/?#])/)
  const port = rest.find((part) => part.startsWith(':')) ?? ''
  return `${hosts.split(',')[0] ?? hosts}${port}`
}

/** The same with every host that the address names: for whoever has to recognise one they do not know. */
export function relayPlace(address: string): string {
  return address.replace(/^[a-z]+:\/\//i, '').replace(/^[^@]*@/, '')
}

/** One test of one relay: still running, answered step by step, or not even begun. */
export type TestRun =
  { tag: 'running' } | { tag: 'answered'; test: RelayTest } | { tag: 'refused'; error: ContractError }

export type TestRuns = ReadonlyMap<string, TestRun>

/** Asks the core to try a relay; `put` gets every change. The core answers within 10 s, so there is nothing to cancel. */
export async function runTest(
  host: Pick<Host, 'call'>,
  address: string,
  put: (address: string, run: TestRun) => void,
): Promise<void> {
  put(address, { tag: 'running' })
  try {
    put(address, { tag: 'answered', test: await host.call('relay.test', { address }) })
  } catch (error) {
    put(address, { tag: 'refused', error: toFailure(error) })
  }
}

export function withRun(runs: TestRuns, address: string, run: TestRun): TestRuns {
  return new Map(runs).set(address, run)
}

/** Another certificate than the one in the address: never "offline" (STA-2). */
export function isIdentityProblem(relay: Pick<RelayEntry, 'error'>, run?: TestRun): boolean {
  return relay.error === 'RELAY_IDENTITY' || failedAtCertificate(run)
}

export function failedAtCertificate(run: TestRun | undefined): boolean {
  return run?.tag === 'answered' && run.test.steps.some((step) => step.step === 'certificate' && !step.ok)
}

/** A server that is in the list already is as good as added. */
export async function addRelays(
  host: Pick<Host, 'call'>,
  addresses: readonly string[],
  newId: () => string,
): Promise<void> {
  for (const address of addresses) {
    try {
      await host.call('relay.add', { address, once: newId() })
    } catch (error) {
      if (toFailure(error).code !== 'ALREADY_EXISTS') throw error
    }
  }
}

export function ownRelays(relays: readonly RelayEntry[]): RelayEntry[] {
  return relays.filter((relay) => !relay.embedded && relay.operator === null)
}

export function presetRelays(relays: readonly RelayEntry[]): RelayEntry[] {
  return relays.filter((relay) => relay.operator !== null)
}
