/** Where the window is. A tagged union, no URL: the address bar never holds anything of a person. */
import { FOLDED_ROW } from './rows.ts'
import { ViewModel } from './view-model.ts'

export type SettingsPanel = 'profiles' | 'network' | 'address' | 'links' | 'appearance' | 'about'
export type NewChatTab = 'invite' | 'connect'

export type Route =
  /** `rowId` names the open row; it stays the same when a pending row becomes a contact. */
  { name: 'chats'; rowId: string | null } | { name: 'settings'; panel: SettingsPanel }

export type Overlay =
  /** `scan`: the person asked for the scanner itself. */
  | { name: 'new-chat'; tab: NewChatTab; scan: boolean }
  /** `outside`: the link came from the system and not by this person's hand in this window. */
  | { name: 'connect'; text: string; outside: boolean }

export interface RouterState {
  route: Route
  overlay: Overlay | null
  /** Grows when the person asked for the open row or panel itself: it takes the focus. */
  focusPane: number
  /** The list of requests stands in the place of the chat list. */
  requests: boolean
  /** A message of the open chat that was asked for. */
  message: string | null
  /** Contact info stands beside the open chat. */
  info: boolean
  /** The security code of the open contact stands in the place of the chat. */
  verify: boolean
  /** Which own address the panel shows; `null` is the default one. */
  addressId: string | null
}

/** Whether that row stands open beside the list. */
export function isOpen({ route }: Pick<Router, 'route'>, rowId: string): boolean {
  return route.name === 'chats' && route.rowId === rowId
}

/** Something unsaved is on the screen: true keeps the person there, and `goOn` is what was wanted. */
export type Guard = (goOn: () => void) => boolean

export class Router extends ViewModel<RouterState> {
  #guard: Guard | null = null
  /** What stood beside the list when the settings were opened. */
  #rowBefore: string | null = null

  constructor() {
    super({
      route: { name: 'chats', rowId: null },
      overlay: null,
      focusPane: 0,
      requests: false,
      message: null,
      info: false,
      verify: false,
      addressId: null,
    })
  }

  get route(): Route {
    return this.state.route
  }

  get overlay(): Overlay | null {
    return this.state.overlay
  }

  /** Asked before every step to another screen, until the returned function is called. */
  setGuard(guard: Guard): () => void {
    this.#guard = guard
    return () => {
      if (this.#guard === guard) this.#guard = null
    }
  }

  go(route: Route): void {
    this.#leave({ route, overlay: null })
  }

  /** `among`: from the list that stands there now; else the chat list comes back. */
  openRow(rowId: string | null, among: 'chats' | 'requests' = 'chats'): void {
    if (rowId === FOLDED_ROW) return this.openRequests()
    const { focusPane } = this.state
    this.#leave({
      route: { name: 'chats', rowId },
      overlay: null,
      focusPane: focusPane + 1,
      requests: among === 'requests',
    })
  }

  /** The chat, at one of its messages. */
  openMessage(rowId: string, messageId: string): void {
    const { focusPane, requests } = this.state
    this.#leave({
      route: { name: 'chats', rowId },
      overlay: null,
      focusPane: focusPane + 1,
      requests,
      message: messageId,
    })
  }

  openRequests(): void {
    const { route } = this.state
    const rowId = route.name === 'chats' ? route.rowId : null
    this.#leave({ route: { name: 'chats', rowId }, overlay: null, requests: true })
  }

  closeRequests(): void {
    if (this.state.requests) this.update({ requests: false })
  }

  toggleInfo(open = !this.state.info): void {
    if (open !== this.state.info) this.update({ info: open })
  }

  toggleVerify(open: boolean): void {
    const { verify, info, focusPane } = this.state
    if (open !== verify) this.update({ verify: open, info: info && !open, focusPane: focusPane + 1 })
  }

  /** `stay`: the focus stays on what was pressed, which is on the new screen, too. */
  openSettings(panel: SettingsPanel = 'network', stay = false): void {
    this.#leave({ route: { name: 'settings', panel }, overlay: null, ...this.#focus(stay) })
  }

  /** Back to the chats, as they were left. */
  closeSettings(): void {
    this.openRow(this.#rowBefore)
  }

  openAddress(addressId: string | null = null, stay = false): void {
    const here = this.state.route.name === 'settings' && this.state.route.panel === 'address'
    if (here && this.state.addressId === addressId) return this.closeOverlay()
    const route: Route = { name: 'settings', panel: 'address' }
    this.#leave({ route, overlay: null, addressId, ...this.#focus(stay) })
  }

  openNewChat(tab: NewChatTab, scan = false): void {
    this.update({ overlay: { name: 'new-chat', tab, scan } })
  }

  /** Begins the check of one link; the same text while its dialog is open changes nothing (PLN-4). */
  connect(text: string, outside = false): void {
    const { overlay } = this.state
    if (overlay?.name === 'connect' && overlay.text === text) return
    this.update({ overlay: { name: 'connect', text, outside } })
  }

  closeOverlay(): void {
    if (this.state.overlay !== null) this.update({ overlay: null })
  }

  #focus(stay: boolean): Partial<RouterState> {
    return stay ? {} : { focusPane: this.state.focusPane + 1 }
  }

  #leave(change: Partial<RouterState>): void {
    const goOn = (): void => {
      const { route } = this.state
      if (route.name === 'chats') this.#rowBefore = change.route?.name === 'settings' ? route.rowId : null
      this.update({ verify: false, message: null, ...change })
    }
    if (this.#guard?.(goOn)) this.closeOverlay()
    else goOn()
  }
}
