import { desktopCapturer, Menu, type DesktopCapturerSource, type Session } from 'electron'
import { pageOrigin } from './page-protocol.ts'
import { pressed } from './press.ts'

/**
 * What the page may have besides its own files: on a press the picture of a camera, a picture from the clipboard, one screen
 * or window that the person picks here and not in the page; and pictures to the clipboard. Everything else is refused, and
 * so is everybody else.
 */
export function grantPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide, details) => {
    const { requestingUrl, isMainFrame } = details
    if (!isMainFrame || !isOurs(requestingUrl) || contents.session !== session) return decide(false)
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    // none is named where a screen is asked for: the handler below has the last word on that
    const may = allowed(
      permission,
      media.every((kind) => kind === 'video'),
    )
    if (!may || !ON_PRESS.has(permission)) return decide(may)
    void pressed(contents).then(decide)
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

/** A screen is asked for by a press as well; the frame that asks for it tells by itself. */
const ON_PRESS: ReadonlySet<string> = new Set(['media', 'clipboard-read'])

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
