/** Keys of flows section 17 that have a screen already. */
import { useEffect } from 'react'
import { connectByPicture } from '../features/scan/index.ts'
import { foldRequests, listRows, useServices } from '../state/index.ts'
import type { Services } from '../state/index.ts'

export function useShortcuts(): void {
  const services = useServices()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!event.defaultPrevented && pressed(services, event)) event.preventDefault()
    }
    const onPaste = (event: ClipboardEvent): void => pasted(services, event)
    document.addEventListener('keydown', onKeyDown)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('keydown', onKeyDown)
      document.removeEventListener('paste', onPaste)
    }
  }, [services])
}

/** True when the key did something. */
function pressed({ router, host, store, search }: Services, event: KeyboardEvent): boolean {
  if (router.overlay !== null || document.querySelector('[role="dialog"],[role="alertdialog"]')) return false
  const { connections, contacts, requests } = store.state
  const rows = foldRequests(listRows(connections, contacts, requests))
  const open = router.route.name === 'chats' ? router.route.rowId : null
  if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    const at = rows.findIndex((row) => row.rowId === open) + (event.key === 'ArrowDown' ? 1 : -1)
    const row = rows[Math.max(0, at)]
    if (row) router.openRow(row.rowId)
    return true
  }
  if (!(host.mac ? event.metaKey : event.ctrlKey) || event.altKey) return false
  const key = event.key.toLowerCase()
  if (event.shiftKey) {
    if (key === 'a') router.openAddress()
    else if (key === 's') router.openNewChat('connect', true)
    else return false
    return true
  }
  if (key === 'n') router.openNewChat('invite')
  else if (key === ',') router.openSettings()
  else if (key === 'i' && open !== null) router.toggleInfo()
  else if (key === 'k' || key === 'f') {
    if (router.route.name !== 'chats') router.go({ name: 'chats', rowId: null })
    router.closeRequests()
    search.askFocus()
  } else if (key >= '1' && key <= '9') {
    const row = rows[Number(key) - 1]
    if (row) router.openRow(row.rowId)
  } else return false
  return true
}

/**
 * A link on the clipboard, pasted anywhere on Chats but into a field, goes to link mode; a picture is looked through for one.
 * An open chat has an answer of its own to pictures.
 */
function pasted(services: Services, event: ClipboardEvent): void {
  const { router, search } = services
  const target = event.target
  if (router.route.name !== 'chats' || router.overlay !== null || event.defaultPrevented) return
  if (target instanceof Element && target.closest('input, textarea, [role="dialog"], [role="alertdialog"]'))
    return
  const text = event.clipboardData?.getData('text/plain') ?? ''
  const files = [...(event.clipboardData?.files ?? [])]
  if (text !== '') void search.setText(text, true)
  else if (files.length > 0) void connectByPicture(services, files)
}
