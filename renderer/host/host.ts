/** What a window needs from the place it runs in. Two implementations: Electron and an ordinary browser. */
import type { ContractEvent, MethodName, Params, Result } from '#core/contract'
import type { HostMedia } from './media.ts'
import type { HostPapers } from './papers.ts'

export interface HostNotification {
  notificationId: string
  title: string
  body: string | null
}

/** All that a draft of ours ever holds: nobody to send it to, nothing attached. */
export interface MailDraft {
  subject: string
  body: string
}

export type LinkScheme = 'duplex' | 'simplex'

/** Which program of this computer opens links of a scheme; `name` is empty where the system does not tell. */
export interface SchemeOwner {
  scheme: LinkScheme
  owner: 'us' | 'other' | 'nobody'
  name: string
}

/** What the shell does about the data folder: `fresh` names a folder that is not there yet, `startFresh` begins in it. */
export type FolderDeed = 'open' | 'choose' | 'fresh' | 'startFresh' | 'quit'

/** Of the menu of the secondary button, in the language of the window. */
export interface MenuWords {
  cut: string
  copy: string
  paste: string
  selectAll: string
  addWord: string
  noSuggestion: string
}

export interface HostAbilities {
  /** The data folder can be opened and changed from the window. */
  folder: boolean
  /** Links of this computer can be made to open here. */
  schemes: boolean
  /** The clipboard can be read on a button press. */
  readText: boolean
  notifications: boolean
  camera: boolean
  /** One frame of a screen or window can be had. */
  screen: boolean
}

export interface Host extends HostMedia, HostPapers {
  readonly kind: 'electron' | 'browser'
  readonly abilities: HostAbilities
  /** `Cmd` rather than `Ctrl` on this machine. */
  readonly mac: boolean
  readonly system: 'mac' | 'windows' | 'linux'
  /** Rejects with `CallError`; an aborted call is cancelled at the core and rejects with code `CANCELLED` at once. */
  call<M extends MethodName>(method: M, params: Params<M>, signal?: AbortSignal): Promise<Result<M>>
  onEvent(fn: (event: ContractEvent) => void): () => void
  /** The door to the core opened again after a break: events were missed, lists have to be read again. */
  onReconnect(fn: () => void): () => void
  onLost(fn: () => void): () => void
  /** The address of this page opens nothing any more; it is not tried again. */
  onRefused(fn: () => void): () => void
  /** The page of this window crashed and was opened again by the shell. */
  onCameBack(fn: () => void): () => void
  /** Answers a name where one is asked for. Choosing and starting end this window, unless the person changes their mind. */
  folder(deed: FolderDeed): Promise<string | null>
  copyText(text: string): Promise<void>
  /** Only on a press. */
  readText(): Promise<string>
  /** Hands a page of the web to the browser of this computer, which is asked for first; false when it did not open. */
  openExternal(url: string): Promise<boolean>
  /** Opens a draft in the mail program of this computer; false when there is none. Only on a press. */
  mailDraft(draft: MailDraft): Promise<boolean>
  notify(notification: HostNotification): void
  clearNotification(notificationId: string): void
  onNotificationClick(fn: (notificationId: string) => void): () => void
  /** For the shell's menu over fields and selected text; a browser has its own. */
  giveMenuWords(words: MenuWords): void
  linkSchemes(): Promise<SchemeOwner[]>
  /** Makes links of that scheme open here; false when the system refuses. */
  claimScheme(scheme: LinkScheme): Promise<boolean>
  /** Of the tab; a desktop window keeps the one of its shell. */
  setTitle(title: string): void
  /** The person looks at this window now. */
  focused(): boolean
  onFocus(fn: () => void): () => void
  /** A small value of this window alone (divider, theme); never anything of a chat. */
  remember(key: string, value: string): void
  recall(key: string): string | null
  /** Where this window is, by ids alone; it goes with the window, and a page that is loaded anew finds it. */
  keep(key: string, value: string): void
  kept(key: string): string | null
}
