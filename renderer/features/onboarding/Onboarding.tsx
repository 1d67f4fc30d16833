import { useState } from 'react'
import { useServices, useViewModel } from '../../state/index.ts'
import { OnboardingModel } from './onboarding-model.ts'
import { ProfileStep } from './ProfileStep.tsx'
import { RelaysStep } from './RelaysStep.tsx'
import { Welcome } from './Welcome.tsx'

/** The first run, until `app.onboarding` is `done`; then the shell shows the chats, whose empty screen is the last step. */
export function Onboarding() {
  const { host, store } = useServices()
  const [model] = useState(() => {
    const { profile, network, relays } = store.state
    return new OnboardingModel(
      host,
      { profile, network, relays },
      {
        setApp: (next) => store.setApp(next),
        setProfile: (next) => store.setProfile(next),
        reloadRelays: () => store.reloadRelays(),
      },
    )
  })
  const state = useViewModel(model)
  if (state.screen === 'welcome') return <Welcome onCreate={() => model.begin()} />
  if (state.screen === 'profile') return <ProfileStep model={model} state={state} />
  return <RelaysStep model={model} state={state} />
}
