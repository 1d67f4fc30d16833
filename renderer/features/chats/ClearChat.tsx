import { useState } from 'react'
import type { Contact } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import { AlertDialog, Banner, Phrase } from '../../ui/index.ts'

/** Asks, then takes the messages away on this computer; the contact stays. */
export function ClearChat({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { host, timelines, toasts } = useServices()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const clear = async (): Promise<void> => {
    setBusy(true)
    try {
      await host.call('chat.clear', { contactId: contact.contactId })
      timelines.forget(contact.rowId)
      onClose()
      toasts.show({ text: t('chats.cleared'), mark: 'check' })
    } catch (thrown) {
      setBusy(false)
      setError(errorText(toFailure(thrown)))
    }
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={<Phrase id="chats.clear.title" name={contact.name} />}
      testId="clear-dialog"
      actions={[{ label: t('chats.clear.confirm'), tone: 'destroy', busy, onPress: () => void clear() }]}
    >
      <p>{t('chats.clear.text')}</p>
      {error !== null && (
        <Banner tone="bad" role="alert">
          {error}
        </Banner>
      )}
    </AlertDialog>
  )
}
