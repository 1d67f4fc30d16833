import { Check } from 'lucide-react'
import type { RelayLine } from '#core/contract'
import { errorText, lineErrors, stoppedAt, t } from '../../i18n/index.ts'
import { Button, FieldError, Icon, TextArea } from '../../ui/index.ts'
import type { TestRun } from '../../state/index.ts'
import { ScanServer } from '../scan/index.ts'
import type { OnboardingModel, OnboardingState } from './onboarding-model.ts'
import s from './ServerField.module.css'

/** *My own relays*: the addresses, what is wrong with a line, and a test of each. */
export function ServerField({ model, state }: { model: OnboardingModel; state: OnboardingState }) {
  const wrong = state.lines.filter((line) => line.error !== null)
  const error = state.noServer ? t('onboarding.relays.noServer') : lineErrors(wrong)
  const testing = [...state.tests.values()].some((run) => run.tag === 'running')
  return (
    <>
      <TextArea
        code
        lines
        label={t('onboarding.relays.own.field')}
        hideLabel
        rows={Math.min(6, Math.max(2, state.servers.split('\n').length))}
        error={error}
        value={state.servers}
        onValue={(text) => model.setServers(text)}
        onBlur={() => void model.readServers().catch(() => undefined)}
        autoCapitalize="off"
        autoComplete="off"
      />
      <div className={s['foot']}>
        <Button size="s" busy={testing} onClick={() => void model.testServers()}>
          {testing ? t('settings.network.test.running') : t('onboarding.relays.test')}
        </Button>
        <ScanServer size="s" text={state.servers} onText={(text) => model.setServers(text)} />
        <ul className={s['results']} aria-live="polite">
          {state.lines.map((line) => (
            <Result
              key={line.line}
              line={line}
              run={line.address === null ? undefined : state.tests.get(line.address)}
            />
          ))}
        </ul>
      </div>
    </>
  )
}

function Result({ line, run }: { line: RelayLine; run: TestRun | undefined }) {
  if (!run || run.tag === 'running') return null
  if (run.tag === 'answered' && run.test.ok)
    return (
      <li className={s['good']} data-state="ok">
        <Icon of={Check} size="s" />
        {t('settings.network.line.answers', { line: line.line })}
      </li>
    )
  return (
    <li data-state="failed">
      <FieldError>
        {run.tag === 'refused'
          ? t('settings.network.line.refused', { line: line.line, reason: errorText(run.error) })
          : t('settings.network.line.stopped', { line: line.line, reason: stoppedAt(run.test) })}
      </FieldError>
    </li>
  )
}
