import type { Host } from '../host/index.ts'
import { Router, Search, Store, Timelines, Toasts } from '../state/index.ts'
import type { Services } from '../state/index.ts'

export function createServices(host: Host): Services {
  const router = new Router()
  const timelines = new Timelines(host)
  host.onReconnect(() => timelines.reloadAll())
  return {
    host,
    router,
    timelines,
    store: new Store(host),
    toasts: new Toasts(),
    search: new Search(host, router),
  }
}
