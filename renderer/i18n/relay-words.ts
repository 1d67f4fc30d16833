/** Relays in words that more than one screen needs. */
import type { RelayLine, RelayTest } from '#core/contract'
import { t } from './translate.ts'

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
