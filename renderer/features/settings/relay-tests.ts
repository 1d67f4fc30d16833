import type { ContractError, RelayTest } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { toFailure } from '../../host/index.ts'

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
