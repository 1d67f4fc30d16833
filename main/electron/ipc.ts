import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import { pageOrigin } from './page-protocol.ts'

/** The two channels: what the page asks, and what it is told. `preload/preload.ts` has the same names. */
const ASK = 'duplex:ask'
const TELL = 'duplex:tell'

interface IpcOptions {
  contents(): WebContents | null
  toCore(message: Record<string, unknown>): void
  toHost(request: unknown): Promise<unknown>
}

/** Serves the page's one door. Anything but the main frame of our own window at our own origin is refused. */
export function serveIpc(options: IpcOptions): void {
  ipcMain.handle(ASK, async (event, to: unknown, value: unknown) => {
    if (!isOurPage(event, options.contents())) throw new Error('refused')
    if (to === 'host') return options.toHost(value)
    if (to !== 'core' || !isCall(value)) throw new Error('refused')
    // Only what the envelope of api.md knows goes on; the core checks the rest at its border.
    options.toCore({ id: value.id, method: value.method, params: value.params ?? {} })
    return null
  })
}

export function tellPage(contents: WebContents | null, message: Record<string, unknown>): void {
  if (contents !== null && !contents.isDestroyed()) contents.send(TELL, message)
}

function isOurPage(event: IpcMainInvokeEvent, contents: WebContents | null): boolean {
  const frame = event.senderFrame
  if (contents === null || event.sender !== contents || frame === null || frame.parent !== null) return false
  return frame.origin === pageOrigin && frame.url.startsWith(`${pageOrigin}/`)
}

interface Call {
  id: string | number
  method: string
  params?: unknown
}

function isCall(value: unknown): value is Call {
  if (typeof value !== 'object' || value === null) return false
  const call = value as Record<string, unknown>
  return (
    (typeof call['id'] === 'string' || typeof call['id'] === 'number') && typeof call['method'] === 'string'
  )
}
