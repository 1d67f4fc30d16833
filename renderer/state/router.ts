/** Where the window is. A tagged union, no URL: the address bar never holds anything of a person. */
import { ViewModel } from './view-model.ts'

export type SettingsPanel = 'network' | 'appearance' | 'about'
export type NewChatTab = 'invite' | 'connect'

export type Route =
  /** `rowId` names the open row; it stays the same when a pending row becomes a contact. */
  { name: 'chats'; rowId: string | null } | { name: 'settings'; panel: SettingsPanel }

export type Overlay = { name: 'new-chat'; tab: NewChatTab } | { name: 'connect'; text: string }

export interface RouterState {
  route: Route
  overlay: Overlay | null
  /** Grows when the person asked for the open row itself: the pane takes the focus. */
  focusPane: number
}

export class Router extends ViewModel<RouterState> {
  constructor() {
    super({ route: { name: 'chats', rowId: null }, overlay: null, focusPane: 0 })
  }

  get route(): Route {
    return this.state.route
  }

  get overlay(): Overlay | null {
    return this.state.overlay
  }

  go(route: Route): void {
    this.update({ route, overlay: null })
  }

  openRow(rowId: string | null): void {
    this.update({ route: { name: 'chats', rowId }, overlay: null, focusPane: this.state.focusPane + 1 })
  }

  openSettings(panel: SettingsPanel = 'network'): void {
    this.go({ name: 'settings', panel })
  }

  openNewChat(tab: NewChatTab): void {
    this.update({ overlay: { name: 'new-chat', tab } })
  }

  /** Begins the check of one link; the same text while its dialog is open changes nothing (PLN-4). */
  connect(text: string): void {
    const { overlay } = this.state
    if (overlay?.name === 'connect' && overlay.text === text) return
    this.update({ overlay: { name: 'connect', text } })
  }

  closeOverlay(): void {
    if (this.state.overlay !== null) this.update({ overlay: null })
  }
}
