import { app, type Session, type WebContents } from 'electron'
import { pageOrigin } from './page-protocol.ts'
import { grantPermissions } from './permissions.ts'

/**
 * Nothing of Chromium leaves this computer: only the core, a process of its own, talks to relays. The content policy holds
 * for most of what a page can do; peer connections (STUN, TURN), names that are looked up ahead and connections that are
 * opened ahead pass it by, so no name is found and no packet sent for any page. Must run before the app is ready.
 */
export function lockNetwork(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  app.commandLine.appendSwitch('force-webrtc-ip-handling-policy', NO_UDP)
}

/** Peer connections then have what goes by a proxy, and the one that there is leads nowhere. */
const NO_UDP = 'disable_non_proxied_udp'
/** A name that nobody can have. RFC 2606, 2 */
const NOWHERE = 'socks5://nowhere.invalid:9'

/** The page gets the few permissions of `permissions.ts`, no device, and reaches nothing but its own files. */
export async function lockSession(session: Session): Promise<void> {
  await session.setProxy({ mode: 'fixed_servers', proxyRules: NOWHERE, proxyBypassRules: '<-loopback>' })
  grantPermissions(session)
  checkSpellingHere(session)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !allowedRequest(details.url) }))
}

/** Holds for every page this program ever shows, also one that a later change forgets about. */
export function lockContents(): void {
  app.on('web-contents-created', (_event, contents) => lock(contents))
}

function lock(contents: WebContents): void {
  contents.setWebRTCIPHandlingPolicy(NO_UDP)
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/**
 * macOS checks spelling itself. Elsewhere Chromium would fetch a dictionary from its maker, who would learn that and when
 * this program runs and in which language somebody writes: it asks our own page's files in place of that, where there is
 * none. A dictionary that is in the data folder already (`window/Dictionaries/*.bdic`) is used.
 */
function checkSpellingHere(session: Session): void {
  if (process.platform !== 'darwin')
    session.setSpellCheckerDictionaryDownloadURL(`${pageOrigin}/dictionaries/`)
  session.setSpellCheckerEnabled(true)
}

function allowedRequest(url: string): boolean {
  return url.startsWith(`${pageOrigin}/`) || url.startsWith('data:image/') || url.startsWith('devtools:')
}
