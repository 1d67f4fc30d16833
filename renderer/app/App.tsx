import { CSPProvider } from '@base-ui/react/csp-provider'
import { ServicesContext, useServices, useStore, useViewModel } from '../state/index.ts'
import type { Services } from '../state/index.ts'
import { ToastArea } from '../ui/index.ts'
import { Onboarding } from '../features/onboarding/Onboarding.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Overlays } from './Overlays.tsx'
import { forgetPlace } from './place.ts'
import { Shell } from './Shell.tsx'
import { Start } from './Start.tsx'
import { useShortcuts } from './shortcuts.ts'

export function App({ services }: { services: Services }) {
  return (
    <CSPProvider disableStyleElements>
      <ServicesContext value={services}>
        <ErrorBoundary onReload={() => forgetPlace(services)}>
          <Screens />
          <Toasts />
        </ErrorBoundary>
      </ServicesContext>
    </CSPProvider>
  )
}

/** Start, first run, or the chats. Onboarding is a state of the window and no lock. */
function Screens() {
  const phase = useStore((state) => state.phase)
  const app = useStore((state) => state.app)
  const loaded = useStore((state) => state.loaded)
  const profile = useStore((state) => state.profile)
  // A disk that filled up meanwhile is said in a strip: what was read can still be read.
  if (phase !== 'ready' || app === null || !loaded) return <Start />
  if (profile === null || app.onboarding !== 'done') return <Onboarding />
  return <Window />
}

function Window() {
  useShortcuts()
  return (
    <>
      <Shell />
      <Overlays />
    </>
  )
}

function Toasts() {
  const { toasts } = useServices()
  const state = useViewModel(toasts)
  return <ToastArea toasts={state.toasts} said={state.said} onDismiss={(id) => toasts.dismiss(id)} />
}
