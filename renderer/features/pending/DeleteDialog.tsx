import type { Connection } from '#core/contract'
import { deleteWords, errorText, t } from '../../i18n/index.ts'
import { isOpen, useDeed, useServices } from '../../state/index.ts'
import { AlertDialog } from '../../ui/index.ts'

/** Asks, deletes, and says when the other side may go on waiting. */
export function DeleteDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const { host, router, toasts } = useServices()
  const { busy, error, run } = useDeed()
  const words = deleteWords(connection)
  const remove = async (): Promise<void> => {
    const { peerMayWait } = await host.call('connection.delete', { connectionId: connection.connectionId })
    onClose()
    if (isOpen(router, connection.rowId)) router.openRow(null)
    toasts.show({ text: t(peerMayWait ? 'pending.deleted.wait' : 'pending.deleted'), mark: 'check' })
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t(words.title)}
      testId="delete-dialog"
      problem={error && errorText(error)}
      actions={[{ label: t(words.button), tone: 'destroy', busy, onPress: () => run(remove) }]}
    >
      <p>{t(words.text)}</p>
    </AlertDialog>
  )
}
