import { app, type Session, type WebContents } from 'electron'
import { pageOrigin } from './page-protocol.ts'
import { grantPermissions } from './permissions.ts'

/** The page gets the few permissions of `permissions.ts`, no device, and reaches nothing but its own files. */
export function lockSession(session: Session): void {
  grantPermissions(session)
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !allowedRequest(details.url) }))
}

/** Holds for every page this program ever shows, also one that a later change forgets about. */
export function lockContents(): void {
  app.on('web-contents-created', (_event, contents) => lock(contents))
}

function lock(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

function allowedRequest(url: string): boolean {
  return url.startsWith(`${pageOrigin}/`) || url.startsWith('data:image/') || url.startsWith('devtools:')
}
