import { protocol, type Session } from 'electron'
import { pageFile, pageHeaders } from '../shared/page.ts'

/** A scheme of our own: the page is no file, has an origin that IPC can check, and no other page can have it. */
export const pageOrigin = 'app://duplex'

/** Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

export function servePage(session: Session, folder: string): void {
  session.protocol.handle('app', async (request) => {
    const url = new URL(request.url)
    const file =
      request.method === 'GET' && url.host === 'duplex' ? await pageFile(folder, url.pathname) : null
    if (file === null) return new Response(null, { status: 404, headers: pageHeaders })
    return new Response(file.body, { headers: file.headers })
  })
}
