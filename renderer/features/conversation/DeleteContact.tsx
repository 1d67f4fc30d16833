import type { Contact } from '#core/contract'
import { deleteWords, errorText, t } from '../../i18n/index.ts'
import { isOpen, useDeed, useServices } from '../../state/index.ts'
import { AlertDialog } from '../../ui/index.ts'

/** Asks, tells the other side, deletes the chat here; before both are connected, what that means for the link (INV-7). */
export function DeleteContact({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { host, router, toasts } = useServices()
  const { busy, error, run } = useDeed()
  const remove = async (): Promise<void> => {
    await host.call('contact.delete', { contactId: contact.contactId, notify: true })
    onClose()
    if (isOpen(router, contact.rowId)) router.openRow(null)
    toasts.show({
      text: contact.connection
        ? t('pending.deleted.wait')
        : t('conversation.deleted', { name: contact.name }),
      mark: 'check',
    })
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t('conversation.delete.title', { name: contact.name })}
      problem={error && errorText(error)}
      actions={[
        { label: t('conversation.delete.confirm'), tone: 'destroy', busy, onPress: () => run(remove) },
      ]}
    >
      <p>{t(contact.connection ? deleteWords(contact.connection).text : 'conversation.delete.text')}</p>
    </AlertDialog>
  )
}
