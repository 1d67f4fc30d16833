import { clipboard, dialog, Notification, shell, type BrowserWindow } from 'electron'
import { claimScheme, schemeOwners } from './link-schemes.ts'
import { pressed } from './press.ts'
import { saveFile } from './save-file.ts'

/** Longest text that is put on the clipboard for the page: a link is some hundred characters, a message 16 kB. */
const CLIPBOARD_LIMIT = 1_048_576

interface Shell {
  window(): BrowserWindow | null
  show(): void
  send(message: Record<string, unknown>): void
  folder(deed: unknown): Promise<unknown>
  menuWords(words: unknown): void
}

/** Longest subject of a mail draft, and longest text: mail programs take no more by this way (ours). */
const SUBJECT_LIMIT = 200
const BODY_LIMIT = 16_384

/** What is done on a press of the person and never by itself. */
const ON_PRESS: ReadonlySet<unknown> = new Set([
  'readText',
  'saveFile',
  'claimScheme',
  'openExternal',
  'mailDraft',
])

/** The few things that the page asks of the shell and not of the core. Every field is checked; the rest is refused. */
export function createHostRequests(shellOf: Shell): (request: unknown) => Promise<unknown> {
  const shown = new Map<string, Notification>()

  function notify(request: Record<string, unknown>): void {
    const id = text(request['notificationId'], 200)
    const title = text(request['title'], 500)
    const body = typeof request['body'] === 'string' ? request['body'].slice(0, 2_000) : ''
    shown.get(id)?.close()
    const notification = new Notification({ title, body })
    shown.set(id, notification)
    notification.on('click', () => {
      shellOf.show()
      shellOf.send({ host: 'notificationClick', notificationId: id })
    })
    notification.on('close', () => {
      if (shown.get(id) === notification) shown.delete(id)
    })
    notification.show()
  }

  function clear(id: string): void {
    shown.get(id)?.close()
    shown.delete(id)
  }

  return async (value) => {
    const request = record(value)
    if (ON_PRESS.has(request['type']) && !(await pressed(shellOf.window()?.webContents)))
      throw new Error('not pressed')
    switch (request['type']) {
      case 'copyText':
        await clipboard.writeText(text(request['text'], CLIPBOARD_LIMIT))
        return null
      case 'readText':
        return (await clipboard.readText()).slice(0, CLIPBOARD_LIMIT)
      case 'notify':
        notify(request)
        return null
      case 'clearNotification':
        clear(text(request['notificationId'], 200))
        return null
      case 'saveFile':
        return saveFile(shellOf.window(), request['name'], request['file'])
      case 'folder':
        return shellOf.folder(request['deed'])
      case 'menuWords':
        shellOf.menuWords(request['words'])
        return null
      case 'linkSchemes':
        return schemeOwners()
      case 'claimScheme':
        return claimScheme(request['scheme'])
      case 'openExternal':
        return openExternal(text(request['url'], 16_384), shellOf.window())
      case 'mailDraft':
        return mailDraft(text(request['subject'], SUBJECT_LIMIT), text(request['body'], BODY_LIMIT))
      default:
        throw new Error('unknown request')
    }
  }
}

/** A draft needs no question beside the press: nothing is sent before they press the button in their mail program. */
async function mailDraft(subject: string, body: string): Promise<boolean> {
  // made here, so that a draft has nobody to go to and nothing attached, whatever the page asks for
  await shell.openExternal(`mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`)
  return true
}

/** Opens a web page in the person's browser, after asking: the page inside the window cannot answer for them. */
async function openExternal(value: string, window: BrowserWindow | null): Promise<boolean> {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || window === null)
    return false
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `Open ${url.host} in your browser?`,
    detail: url.href,
    buttons: ['Open page', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  })
  if (response !== 0) return false
  await shell.openExternal(url.href)
  return true
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('not a request')
  return value as Record<string, unknown>
}

function text(value: unknown, limit: number): string {
  if (typeof value !== 'string' || value.length > limit) throw new Error('not a text of that size')
  return value
}
