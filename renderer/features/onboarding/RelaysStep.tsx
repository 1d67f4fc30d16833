import type { RelayChoice } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { Banner, Button, RadioGroup } from '../../ui/index.ts'
import { presetTerms } from './preset-terms.ts'
import { useHost } from '../../state/index.ts'
import type { OnboardingModel, OnboardingState } from './onboarding-model.ts'
import { ServerField } from './ServerField.tsx'
import { Step } from './Step.tsx'
import s from './RelaysStep.module.css'

export function RelaysStep({ model, state }: { model: OnboardingModel; state: OnboardingState }) {
  return (
    <Step
      step={2}
      title={t('onboarding.relays.title')}
      lead={t('onboarding.relays.lead')}
      testId="onb-relays"
      onSubmit={() => void model.finish()}
      buttons={
        <Button tone="primary" size="l" type="submit" busy={state.busy}>
          {state.busy ? t('onboarding.relays.finishing') : t('onboarding.relays.continue')}
        </Button>
      }
    >
      <RadioGroup<RelayChoice>
        label={t('onboarding.relays.group')}
        hideLabel
        value={state.choice}
        onValue={(choice) => model.choose(choice)}
        options={[
          {
            value: 'preset',
            title: t('onboarding.relays.preset'),
            help: <PresetHelp />,
          },
          {
            value: 'own',
            title: t('onboarding.relays.own'),
            help: t('onboarding.relays.own.text'),
            detail: <ServerField model={model} state={state} />,
          },
          {
            value: 'embedded',
            title: t('onboarding.relays.embedded'),
            help: t('onboarding.relays.embedded.text'),
          },
        ]}
      />
      {state.relayError && (
        <Banner tone="bad" role="alert">
          {errorText(state.relayError)}
        </Banner>
      )}
    </Step>
  )
}

function PresetHelp() {
  const host = useHost()
  return (
    <>
      {t('onboarding.relays.preset.text')}{' '}
      <a
        className={s['terms']}
        href={presetTerms}
        onClick={(event) => {
          event.preventDefault()
          void host.openExternal(presetTerms)
        }}
      >
        {t('onboarding.relays.preset.terms')}
      </a>
    </>
  )
}
