import type { Host } from './host.ts'
import type { PreloadBridge } from './electron-host.ts'
import { createBrowserHost } from './browser-host.ts'
import { createElectronHost } from './electron-host.ts'

declare global {
  interface Window {
    duplex?: PreloadBridge
  }
}

export function createHost(): Host {
  const mac = /mac/i.test(navigator.userAgent)
  if (window.duplex) return createElectronHost(window.duplex, mac)
  const token = takeToken()
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  return createBrowserHost(
    `${scheme}://${window.location.host}/contract?token=${encodeURIComponent(token)}`,
    mac,
  )
}

/** The token leaves the address bar at once; a reload of this tab finds it in the tab's own storage. */
function takeToken(): string {
  const given = new URLSearchParams(window.location.hash.slice(1)).get('token')
  if (given === null) return window.sessionStorage.getItem('duplex.token') ?? ''
  window.sessionStorage.setItem('duplex.token', given)
  window.history.replaceState(null, '', window.location.pathname + window.location.search)
  return given
}

/** `?language=pseudo` shows the layout test language. */
export function hostLanguage(): 'en' | 'pseudo' {
  return new URLSearchParams(window.location.search).get('language') === 'pseudo' ? 'pseudo' : 'en'
}
