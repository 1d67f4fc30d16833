import { errorText, t } from '../../i18n/index.ts'
import { Button, Phrase, TextField } from '../../ui/index.ts'
import { PictureField } from '../identity/index.ts'
import type { OnboardingModel, OnboardingState } from './onboarding-model.ts'
import { Step } from './Step.tsx'
import s from './ProfileStep.module.css'

export function ProfileStep({ model, state }: { model: OnboardingModel; state: OnboardingState }) {
  const { suggestion, nameError } = state
  const error = suggestion !== null ? t('onboarding.profile.suggest') : nameError && errorText(nameError)
  return (
    <Step
      step={1}
      title={t('onboarding.profile.title')}
      lead={t('onboarding.profile.lead')}
      testId="onb-profile"
      onSubmit={() => void model.createProfile()}
      buttons={
        <>
          <Button size="l" onClick={() => model.back()}>
            {t('onboarding.back')}
          </Button>
          <Button tone="primary" size="l" type="submit" busy={state.busy} disabled={state.name.trim() === ''}>
            {state.busy ? t('onboarding.profile.creating') : t('onboarding.profile.create')}
          </Button>
        </>
      }
    >
      <div className={s['who']}>
        <PictureField
          seed="me"
          name={state.name}
          image={state.image}
          tall
          onImage={(image) => model.setImage(image)}
        />
        <div className={s['fields']}>
          <TextField
            label={t('onboarding.profile.name')}
            className={s['name']}
            help={error ? undefined : t('onboarding.profile.nameHelp')}
            error={error}
            value={state.name}
            onValue={(name) => model.setName(name)}
            autoComplete="off"
            spellCheck={false}
            autoFocus
          />
          {suggestion !== null && (
            <Button size="s" className={s['suggest']} onClick={() => model.useSuggestion()}>
              <Phrase id="onboarding.profile.suggestUse" name={suggestion} />
            </Button>
          )}
        </div>
      </div>
    </Step>
  )
}
