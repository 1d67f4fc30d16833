import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Host } from '../host/index.ts'
import type { Router } from './router.ts'
import type { Search } from './search.ts'
import type { Store, StoreState } from './store.ts'
import type { Timelines } from './timelines.ts'
import type { Toasts } from './toasts.ts'
import type { ViewModel } from './view-model.ts'

/** What every screen may reach: made once in `renderer/app`, given down by context. */
export interface Services {
  host: Host
  store: Store
  router: Router
  toasts: Toasts
  timelines: Timelines
  search: Search
}

export const ServicesContext = createContext<Services | null>(null)

export function useServices(): Services {
  const services = useContext(ServicesContext)
  if (!services) throw new Error('outside of the services provider')
  return services
}

export function useHost(): Host {
  return useServices().host
}

export function useViewModel<S>(model: ViewModel<S>): S {
  return useSyncExternalStore(model.subscribe, model.getState)
}

/** `select` must pick something that is stable between changes (a field, an entity), never build a new value. */
export function useStore<T>(select: (state: StoreState) => T): T {
  const { store } = useServices()
  return useSyncExternalStore(store.subscribe, () => select(store.state))
}

export function useRouter(): Router {
  const { router } = useServices()
  useSyncExternalStore(router.subscribe, router.getState)
  return router
}
