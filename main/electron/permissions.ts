import { desktopCapturer, Menu, type DesktopCapturerSource, type Session } from 'electron'
import { pageOrigin } from './page-protocol.ts'

/**
 * What the page may have besides its own files: the picture of a camera, one screen or window that the person picks
 * here and not in the page, and pictures from and to the clipboard. Everything else is refused, and so is everybody else.
 */
export function grantPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide, details) => {
    const { requestingUrl, isMainFrame } = details
    if (!isMainFrame || !isOurs(requestingUrl) || contents.session !== session) return decide(false)
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    // none is named where a screen is asked for: the handler below has the last word on that
    decide(
      allowed(
        permission,
        media.every((kind) => kind === 'video'),
      ),
    )
  })
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    if (!isOurs(requestingOrigin)) return false
    return allowed(permission, details.mediaType === 'video' || details.mediaType === 'unknown')
  })
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((request, answer) => {
    const frame = request.frame
    const ours = frame !== null && frame.parent === null && isOurs(request.securityOrigin)
    if (!ours || !request.userGesture || request.audioRequested) return answer({})
    void pickSource().then(
      (source) => answer(source === null ? {} : { video: source }),
      () => answer({}),
    )
  })
}

function isOurs(url: string | undefined): boolean {
  return url === pageOrigin || url?.startsWith(`${pageOrigin}/`) === true
}

function allowed(permission: string, pictureOnly: boolean): boolean {
  if (permission === 'media') return pictureOnly
  return ['display-capture', 'clipboard-read', 'clipboard-sanitized-write'].includes(permission)
}

/** A menu of the system with a small picture of each: the page sees no screen but the one that was picked. */
async function pickSource(): Promise<DesktopCapturerSource | null> {
  const thumbnailSize = { width: 160, height: 90 }
  const sources = await desktopCapturer.getSources({ types: ['screen', 'window'], thumbnailSize })
  const [only] = sources
  // where the system has a picker of its own (Wayland), what was picked there is the only one
  if (sources.length === 1 && process.platform === 'linux' && only?.id.startsWith('screen:') !== true)
    return only ?? null
  return new Promise((resolve) => {
    let picked: DesktopCapturerSource | null = null
    const menu = Menu.buildFromTemplate(
      sources.map((source) => ({
        label: source.name === '' ? 'Window' : source.name.slice(0, 80),
        ...(source.thumbnail.isEmpty() ? {} : { icon: source.thumbnail.resize({ height: 45 }) }),
        click: () => {
          picked = source
        },
      })),
    )
    // the press is told after the menu has closed
    menu.popup({ callback: () => setTimeout(() => resolve(picked), 50) })
  })
}
