import type { Host } from './host.ts'
import type { PreloadBridge } from './electron-host.ts'
import { createBrowserHost } from './browser-host.ts'
import { createElectronHost } from './electron-host.ts'
import { PageKey } from './page-key.ts'

declare global {
  interface Window {
    duplex?: PreloadBridge
  }
}

export function createHost(): Host {
  const mac = /mac/i.test(navigator.userAgent)
  if (window.duplex) return createElectronHost(window.duplex, mac)
  return createBrowserHost(new PageKey(), mac)
}

/** `?language=pseudo` shows the layout test language. */
export function hostLanguage(): 'en' | 'pseudo' {
  return new URLSearchParams(window.location.search).get('language') === 'pseudo' ? 'pseudo' : 'en'
}
