import { useState } from 'react'
import type { Connection } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { isOpen, useServices } from '../../state/index.ts'
import { AlertDialog, Banner } from '../../ui/index.ts'
import { deleteWords } from './pending-words.ts'

/** Asks, deletes, and says when the other side may go on waiting. */
export function DeleteDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const { host, router, toasts } = useServices()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const words = deleteWords(connection)
  const remove = async (): Promise<void> => {
    setBusy(true)
    try {
      const { peerMayWait } = await host.call('connection.delete', { connectionId: connection.connectionId })
      onClose()
      if (isOpen(router, connection.rowId)) router.openRow(null)
      toasts.show({ text: t(peerMayWait ? 'pending.deleted.wait' : 'pending.deleted'), mark: 'check' })
    } catch (thrown) {
      setBusy(false)
      setError(errorText(toFailure(thrown)))
    }
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t(words.title)}
      testId="delete-dialog"
      actions={[{ label: t(words.button), tone: 'destroy', busy, onPress: () => void remove() }]}
    >
      <p>{t(words.text)}</p>
      {error !== null && (
        <Banner tone="bad" role="alert">
          {error}
        </Banner>
      )}
    </AlertDialog>
  )
}
