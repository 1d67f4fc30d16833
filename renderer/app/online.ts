import type { Host } from '../host/index.ts'

/** The network is back: the core tries its relays at once, and looks at what fell due meanwhile. */
export function followOnline(host: Host): void {
  window.addEventListener('online', () => void host.call('network.retry', {}).catch(() => undefined))
}
