/** Where the window was: a page that is loaded anew goes on there, with the focus where it would be. */
import type { RouterState, Services } from '../state/index.ts'
import { takeFocus } from './focus.ts'

const KEY = 'place'

type Place = Pick<RouterState, 'route' | 'requests'>

export function followPlace(services: Services): void {
  const { host, router, store } = services
  const before = readPlace(host.kept(KEY))
  const forget = store.subscribe(() => {
    const { phase, profile, app } = store.state
    if (phase !== 'ready') return
    forget()
    if (before !== null && profile !== null && app?.onboarding === 'done') goBack(services, before)
    // once the screen stands
    setTimeout(() => {
      if (document.activeElement === document.body) takeFocus()
    })
  })
  router.subscribe(() => {
    const { route, requests } = router.state
    host.keep(KEY, JSON.stringify({ route, requests }))
  })
}

/** A screen that could not be drawn is not gone back to. */
export function forgetPlace({ host }: Services): void {
  host.keep(KEY, '')
}

function goBack({ router }: Services, { route, requests }: Place): void {
  if (route.name === 'settings') return router.openSettings(route.panel)
  if (requests) router.openRequests()
  // a row that is there no more closes by itself
  if (route.rowId !== null) router.openRow(route.rowId, requests ? 'requests' : 'chats')
}

/** Written by this page before it was loaded anew. */
function readPlace(text: string | null): Place | null {
  try {
    return JSON.parse(text ?? '') as Place
  } catch {
    return null
  }
}
