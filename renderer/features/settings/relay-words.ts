import type { RelayEntry, RelayLine, RelayTest } from '#core/contract'
import { t } from '../../i18n/index.ts'
import type { TestRun } from './relay-tests.ts'

/** Host and port of a relay, whether the contract gave its address (`smp://key:password@host,onion:port`) or its host. */
export function relayHost(address: string): string {
  const place = address.replace(/^[a-z]+:\/\//i, '').replace(/^[^@]*@/, '')
  const [hosts = '', ...rest] = place.split(/(?=[:/?#])/)
  const port = rest.find((part) => part.startsWith(':')) ?? ''
  return `${hosts.split(',')[0] ?? hosts}${port}`
}

/** One sentence for every line that is no address; null when all can be read. */
export function lineErrors(lines: readonly RelayLine[]): string | null {
  const wrong = lines.filter((line) => line.error !== null)
  return wrong.length === 0
    ? null
    : wrong.map((line) => t('settings.network.line', { line: line.line })).join('\n')
}

/** Where a test stopped, and what to do about it. */
export function stoppedAt(test: RelayTest): string {
  const failed = test.steps.find((step) => !step.ok)
  if (!failed) return t('settings.network.test.refused')
  return t('settings.network.test.failed', {
    step: t(`settings.network.step.${failed.step}`),
    advice: t(`settings.network.test.failed.${failed.step}`),
  })
}

/** Another certificate than the one in the address: never "offline" (STA-2). */
export function isIdentityProblem(relay: RelayEntry, run?: TestRun): boolean {
  return relay.error === 'RELAY_IDENTITY' || failedAtCertificate(run)
}

export function failedAtCertificate(run: TestRun | undefined): boolean {
  return run?.tag === 'answered' && run.test.steps.some((step) => step.step === 'certificate' && !step.ok)
}
