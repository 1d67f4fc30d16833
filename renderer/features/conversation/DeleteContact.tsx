import { useState } from 'react'
import type { Contact } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { isOpen, useServices } from '../../state/index.ts'
import { AlertDialog, Banner } from '../../ui/index.ts'

/** Asks, tells the other side, deletes the chat here. */
export function DeleteContact({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { host, router, toasts } = useServices()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const remove = async (): Promise<void> => {
    setBusy(true)
    try {
      await host.call('contact.delete', { contactId: contact.contactId, notify: true })
      onClose()
      if (isOpen(router, contact.rowId)) router.openRow(null)
      toasts.show({ text: t('conversation.deleted', { name: contact.name }), mark: 'check' })
    } catch (thrown) {
      setBusy(false)
      setError(errorText(toFailure(thrown)))
    }
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t('conversation.delete.title', { name: contact.name })}
      actions={[
        { label: t('conversation.delete.confirm'), tone: 'destroy', busy, onPress: () => void remove() },
      ]}
    >
      <p>{t('conversation.delete.text')}</p>
      {error !== null && (
        <Banner tone="bad" role="alert">
          {error}
        </Banner>
      )}
    </AlertDialog>
  )
}
