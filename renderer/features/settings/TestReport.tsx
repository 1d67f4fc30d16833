import { Check, X } from 'lucide-react'
import { errorText, stoppedAt, t } from '../../i18n/index.ts'
import { Banner, cx, Icon } from '../../ui/index.ts'
import type { TestRun } from '../../state/index.ts'
import s from './TestReport.module.css'

/** What one test found: each step with its time, and where it stopped with what to do about it (SET-9). */
export function TestReport({ run }: { run: Exclude<TestRun, { tag: 'running' }> }) {
  if (run.tag === 'refused')
    return (
      <Banner tone="bad" role="alert" title={t('settings.network.test.refused')}>
        {errorText(run.error)}
      </Banner>
    )
  const { test } = run
  return (
    <div className={s['report']} data-testid="relay-test" data-state={test.ok ? 'ok' : 'failed'}>
      <p role="status" className={cx(s['result'], !test.ok && s['bad'])}>
        {test.ok
          ? t('settings.network.test.ok', { ms: Math.round(test.roundTripMs ?? total(test.steps)) })
          : stoppedAt(test)}
      </p>
      <ol className={s['steps']}>
        {test.steps.map((step) => (
          <li
            key={step.step}
            className={cx(s['step'], !step.ok && s['bad'])}
            data-step={step.step}
            data-ok={step.ok}
          >
            <Icon of={step.ok ? Check : X} size="s" />
            <span>{t(`settings.network.step.${step.step}`)}</span>
            <span className={s['time']}>
              {step.ok
                ? t('settings.network.test.stepOk', { ms: Math.round(step.ms) })
                : t('settings.network.test.stepFailed')}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

function total(steps: readonly { ms: number }[]): number {
  return steps.reduce((sum, step) => sum + step.ms, 0)
}
