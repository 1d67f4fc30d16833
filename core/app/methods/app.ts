import type { App, OnboardingStep } from '#core/contract'
import { getSetting, putSetting } from '#core/store'
import type { AppContext, MethodTable } from '../app-context.ts'
import { requireShort } from '../link-check.ts'

const ONBOARDING = 'onboarding'
const STEPS: readonly OnboardingStep[] = ['profile', 'relays', 'protect', 'done']

export const appMethods: MethodTable<
  'app.get' | 'app.retry' | 'app.setOnboarding' | 'app.openLink' | 'call.cancel'
> = {
  'app.get': (app) => appView(app),
  // Reached only while nothing is wrong: `installation.ts` takes the others.
  'app.retry': (app) => appView(app),
  'app.setOnboarding': (app, { step }) => {
    app.store.write((tx) => {
      putSetting(tx, ONBOARDING, step)
      tx.afterCommit(() => {
        const held = step === 'done' ? app.heldLink.take() : null
        app.emit({ event: 'app.state', data: appView(app) })
        if (held) app.emit({ event: 'link.opened', data: held })
      })
    })
    return appView(app)
  },
  'app.openLink': (app, { text }) => {
    requireShort(text, 'text')
    if (onboardingOf(app) === 'done') {
      app.emit({ event: 'link.opened', data: { text, replaced: false } })
      return {}
    }
    app.heldLink.hold(text)
    app.emit({ event: 'app.state', data: appView(app) })
    return {}
  },
  // The door knows its own calls; here there is none to end.
  'call.cancel': () => ({ cancelled: false }),
}

function onboardingOf(app: AppContext): OnboardingStep {
  const stored = app.store.read((db) => getSetting(db, ONBOARDING))
  return STEPS.find((step) => step === stored) ?? 'profile'
}

function appView(app: AppContext): App {
  return {
    version: app.version,
    state: app.state(),
    dataDir: app.dataDir,
    onboarding: onboardingOf(app),
    protection: 'none',
    heldLink: app.heldLink.waiting,
    abilities: ['embedded-relay'],
  }
}
