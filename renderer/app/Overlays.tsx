import { useCallback } from 'react'
import { ConnectFlow } from '../features/connect/ConnectFlow.tsx'
import type { ConnectResult } from '../features/connect/ConnectFlow.tsx'
import { NewChatSheet } from '../features/new-chat/NewChatSheet.tsx'
import { switchTo } from './profiles.ts'
import { findRow, listRows, useRouter, useServices } from '../state/index.ts'

/** The sheet and the link check, one at a time over whatever is open. */
export function Overlays() {
  const services = useServices()
  const { store, search } = services
  const router = useRouter()
  const { overlay } = router
  const rowsNow = () => listRows(store.state.connections, store.state.contacts)
  const rowOf = (ids: { connectionId: string | null; contactId: string | null }): string | undefined =>
    findRow(rowsNow(), ids)?.rowId

  const closed = async (result: ConnectResult): Promise<void> => {
    router.closeOverlay()
    if (result.type === 'cancelled') return
    if (result.type === 'address') return router.openAddress(result.addressId)
    // what is meant may be in the list of another profile (CON-8)
    if (!(await switchTo(services, result.profileId))) return
    // the event may still be on its way: then the lists are read again
    if (rowOf(result) === undefined) await store.load()
    const rowId = rowOf(result)
    // after the dialog has given the focus back to its opener, the open pane takes it
    if (rowId !== undefined) setTimeout(() => router.openRow(rowId))
  }
  const onKnown = useCallback(
    (ids: { connectionId: string | null; contactId: string | null }) => {
      const { connections, contacts } = store.state
      const row = findRow(listRows(connections, contacts), ids)
      if (row) search.showRows([row.rowId])
    },
    [store, search],
  )
  return (
    <>
      <NewChatSheet
        key={overlay?.name === 'new-chat' ? overlay.tab : 'closed'}
        open={overlay?.name === 'new-chat'}
        tab={overlay?.name === 'new-chat' ? overlay.tab : 'invite'}
        scan={overlay?.name === 'new-chat' && overlay.scan}
        onClose={() => router.closeOverlay()}
        onConnect={(link) => router.connect(link)}
      />
      {overlay?.name === 'connect' && (
        <ConnectFlow
          key={overlay.text}
          text={overlay.text}
          outside={overlay.outside}
          onClose={(result) => void closed(result)}
          onKnown={onKnown}
        />
      )}
    </>
  )
}
