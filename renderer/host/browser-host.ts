/** An ordinary browser window: a WebSocket on loopback, web clipboard, web notifications. */
import { Emitter } from '#core/base'
import type { Host, HostNotification, MailDraft } from './host.ts'
import { ContractClient } from './contract-client.ts'
import type { PageKey } from './page-key.ts'
import { mediaAbilities, webMedia } from './media.ts'
import { webPapers } from './papers.ts'
import { systemName } from './system.ts'
import { focused, onFocus } from './window-focus.ts'
import { keep, kept, recall, remember } from './window-memory.ts'

// Ours: the first try again is quick (a reload of the core), later ones are patient.
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000]

export function createBrowserHost(key: PageKey, mac: boolean): Host {
  const socket = new Reconnecting(key)
  const client = new ContractClient((message) => socket.send(JSON.stringify(message)))
  socket.onText = (text) => {
    const message = parse(text)
    if (!key.takes(message)) client.receive(message)
  }
  socket.onLost.on(() => client.lost())
  socket.open()
  const notes = new WebNotifications()
  return {
    kind: 'browser',
    abilities: {
      folder: false,
      schemes: false,
      readText: 'clipboard' in navigator,
      notifications: 'Notification' in window,
      ...mediaAbilities(),
    },
    mac,
    system: systemName(),
    ...webMedia,
    ...webPapers,
    call: (method, params, signal) => client.call(method, params, signal),
    onEvent: (fn) => client.events.on(fn),
    onReconnect: (fn) => socket.onBack.on(fn),
    onLost: (fn) => socket.onLost.on(fn),
    onRefused: (fn) => socket.onRefused.on(fn),
    onCameBack: () => () => undefined,
    folder: () => Promise.resolve(null),
    copyText: (text) => navigator.clipboard.writeText(text),
    readText: () => navigator.clipboard.readText(),
    openExternal: (url) => Promise.resolve(openPage(url)),
    mailDraft: (draft) => Promise.resolve(openDraft(draft)),
    notify: (notification) => notes.show(notification),
    clearNotification: (id) => notes.clear(id),
    onNotificationClick: (fn) => notes.onClick(fn),
    giveMenuWords: () => undefined,
    linkSchemes: () => Promise.resolve([]),
    claimScheme: () => Promise.resolve(false),
    setTitle: (title) => void (document.title = title),
    focused,
    onFocus,
    remember,
    recall,
    keep,
    kept,
  }
}

/** Holds what is said before the socket is open; opens again by itself after a break. */
class Reconnecting {
  onText: (text: string) => void = () => undefined
  readonly onLost = new Emitter<void>()
  readonly onBack = new Emitter<void>()
  readonly onRefused = new Emitter<void>()
  readonly #key: PageKey
  #socket: WebSocket | null = null
  #held: string[] = []
  #tries = 0
  #wasOpen = false

  constructor(key: PageKey) {
    this.#key = key
  }

  open(): void {
    const socket = new WebSocket(this.#key.address)
    let opened = false
    this.#socket = socket
    socket.addEventListener('message', (event) => this.onText(String(event.data)))
    socket.addEventListener('open', () => {
      opened = true
      this.#tries = 0
      const held = this.#held
      this.#held = []
      for (const text of held) socket.send(text)
      if (this.#wasOpen) this.onBack.emit()
      this.#wasOpen = true
    })
    socket.addEventListener('close', () => {
      // What was asked before the door ever opened is asked when it does.
      if (opened || this.#wasOpen) {
        this.#held = []
        this.onLost.emit()
      }
      void this.#again(opened)
    })
  }

  /** A door that did not open: the key may be to blame, and then no later try is any better. */
  async #again(opened: boolean): Promise<void> {
    if (!opened && (await this.#key.isRefused())) {
      if (this.#key.useOther()) return this.open()
      return this.onRefused.emit()
    }
    const wait = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)]
    window.setTimeout(() => this.open(), wait)
  }

  send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text)
    else this.#held.push(text)
  }
}

class WebNotifications {
  readonly #shown = new Map<string, Notification>()
  readonly #clicks = new Emitter<string>()

  show(notification: HostNotification): void {
    if (!('Notification' in window)) return
    if (Notification.permission === 'default') void Notification.requestPermission()
    if (Notification.permission !== 'granted') return
    const { notificationId, title, body } = notification
    const shown = new Notification(title, { tag: notificationId, ...(body === null ? {} : { body }) })
    this.#shown.set(notificationId, shown)
    shown.addEventListener('click', () => {
      window.focus()
      this.#clicks.emit(notificationId)
    })
  }

  clear(id: string): void {
    this.#shown.get(id)?.close()
    this.#shown.delete(id)
  }

  onClick(fn: (id: string) => void): () => void {
    return this.#clicks.on(fn)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function openPage(url: string): boolean {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return false
  press(url, '_blank')
  return true
}

/** It takes no tab of its own: the browser hands it on and this page stays. */
function openDraft({ subject, body }: MailDraft): boolean {
  press(`mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`, '')
  return true
}

function press(url: string, target: string): void {
  const link = document.createElement('a')
  link.href = url
  link.rel = 'noopener noreferrer'
  link.target = target
  link.click()
}
