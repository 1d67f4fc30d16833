import { BrowserWindow, nativeTheme, screen, type Session } from 'electron'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pageOrigin } from './page-protocol.ts'

const page = `${pageOrigin}/index.html`

interface WindowOptions {
  session: Session
  preload: string
  icon: string
  title: string
  /** File that remembers place and size. */
  placeFile: string
}

interface Place {
  x?: number
  y?: number
  width: number
  height: number
  maximized?: boolean
}

const usualPlace: Place = { width: 1_200, height: 800 }

/** flows.md 17 (KEY-4): everything works at 800 x 600 and at 200 % zoom, so no window is smaller than half of that. */
const smallest = { minWidth: 400, minHeight: 400 }

export function openWindow(options: WindowOptions): BrowserWindow {
  const place = readPlace(options.placeFile)
  const window = new BrowserWindow({
    ...placeOnScreen(place),
    ...smallest,
    show: false,
    title: options.title,
    icon: options.icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#161a1d' : '#ffffff',
    autoHideMenuBar: true,
    webPreferences: {
      session: options.session,
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      // by what is on this computer alone: `lockdown.ts`
      spellcheck: true,
    },
  })
  if (place.maximized === true) window.maximize()
  window.once('ready-to-show', () => window.show())
  // The page's title never replaces the window's: it could carry a name, and here stands which folder this is.
  window.on('page-title-updated', (event) => event.preventDefault())
  window.on('close', () => writePlace(options.placeFile, window))
  // An empty page is the one place that a page may go to without being asked; it does not stay there.
  window.webContents.on('did-navigate', (_event, url) => {
    if (!url.startsWith(`${pageOrigin}/`)) void window.loadURL(page)
  })
  void window.loadURL(page)
  return window
}

function readPlace(file: string): Place {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Place>
    const whole = (n: unknown): n is number => Number.isInteger(n)
    if (!whole(value.width) || !whole(value.height)) return usualPlace
    const at = whole(value.x) && whole(value.y) ? { x: value.x, y: value.y } : {}
    return { ...at, width: value.width, height: value.height, maximized: value.maximized === true }
  } catch {
    return usualPlace
  }
}

/** A place on a screen that is gone would open a window nobody sees. */
function placeOnScreen(place: Place): Place {
  const { x, y, width, height } = place
  if (x === undefined || y === undefined) return { width, height }
  const visible = screen.getAllDisplays().some(({ workArea: area }) => {
    return x + width > area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height
  })
  return visible ? { x, y, width, height } : { width, height }
}

function writePlace(file: string, window: BrowserWindow): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify({ ...window.getNormalBounds(), maximized: window.isMaximized() }))
  } catch {
    // A read-only folder costs the remembered place, nothing else.
  }
}
