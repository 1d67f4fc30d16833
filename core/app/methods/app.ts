import type { App, OnboardingStep } from '#core/contract'
import { getSetting, putSetting } from '#core/store'
import type { AppContext, MethodTable } from '../app-context.ts'

const ONBOARDING = 'onboarding'
const STEPS: readonly OnboardingStep[] = ['profile', 'relays', 'protect', 'done']

export const appMethods: MethodTable<'app.get' | 'app.setOnboarding' | 'call.cancel'> = {
  'app.get': (app) => appView(app),
  'app.setOnboarding': (app, { step }) => {
    app.store.write((tx) => {
      putSetting(tx, ONBOARDING, step)
      tx.afterCommit(() => app.emit({ event: 'app.state', data: appView(app) }))
    })
    return appView(app)
  },
  // The door knows its own calls; here there is none to end.
  'call.cancel': () => ({ cancelled: false }),
}

function appView(app: AppContext): App {
  const stored = app.store.read((db) => getSetting(db, ONBOARDING))
  return {
    version: app.version,
    state: 'ready',
    dataDir: app.dataDir,
    onboarding: STEPS.find((step) => step === stored) ?? 'profile',
    protection: 'none',
    heldLink: false,
    abilities: ['embedded-relay'],
  }
}
