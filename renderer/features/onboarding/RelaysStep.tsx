import type { RelayChoice } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { Banner, Button, RadioGroup, Switch } from '../../ui/index.ts'
import { PresetHelp } from '../relays/index.ts'
import type { OnboardingModel, OnboardingState } from './onboarding-model.ts'
import { ServerField } from './ServerField.tsx'
import { Step } from './Step.tsx'

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
            title: t('relays.preset'),
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
            title: t('relays.embedded'),
            help: t(state.lan ? 'relays.embedded.local-network' : 'relays.embedded.this-computer'),
            detail: (
              <Switch
                label={t('relays.embedded.lan')}
                checked={state.lan}
                onChecked={(lan) => model.setLan(lan)}
                testId="onb-lan"
              />
            ),
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
