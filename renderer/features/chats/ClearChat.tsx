import type { Contact } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { useDeed, useServices } from '../../state/index.ts'
import { AlertDialog, Phrase } from '../../ui/index.ts'

/** Asks, then takes the messages away on this computer; the contact stays. */
export function ClearChat({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { host, timelines, toasts } = useServices()
  const { busy, error, run } = useDeed()
  const clear = async (): Promise<void> => {
    await host.call('chat.clear', { contactId: contact.contactId })
    timelines.forget(contact.rowId)
    onClose()
    toasts.show({ text: t('chats.cleared'), mark: 'check' })
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={<Phrase id="chats.clear.title" name={contact.name} />}
      testId="clear-dialog"
      problem={error && errorText(error)}
      actions={[{ label: t('chats.clear.confirm'), tone: 'destroy', busy, onPress: () => run(clear) }]}
    >
      <p>{t('chats.clear.text')}</p>
    </AlertDialog>
  )
}
