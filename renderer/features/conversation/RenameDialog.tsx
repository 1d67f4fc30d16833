import { useRef, useState } from 'react'
import type { Contact } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { LONGEST_PRIVATE_NAME, useDeed, useServices } from '../../state/index.ts'
import { Button, Dialog, TextField } from '../../ui/index.ts'

/** The private name of a contact; empty means the name they gave themselves. */
export function RenameDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { host, store } = useServices()
  const [name, setName] = useState(contact.localName ?? contact.name)
  const { busy, error, run } = useDeed()
  const field = useRef<HTMLInputElement>(null)
  const save = async (): Promise<void> => {
    const { contactId } = contact
    store.putContact(await host.call('contact.setName', { contactId, name: name.trim() || null }))
    onClose()
  }
  return (
    <Dialog
      open
      width="s"
      onClose={onClose}
      title={t('conversation.rename.title')}
      initialFocus={field}
      keepOnOutsidePress
      buttons={
        <Button tone="primary" busy={busy} onClick={() => run(save)}>
          {t('conversation.rename.save')}
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          run(save)
        }}
      >
        <TextField
          ref={field}
          label={t('conversation.rename.label')}
          value={name}
          onValue={setName}
          maxLength={LONGEST_PRIVATE_NAME}
          error={error && errorText(error)}
          help={t('conversation.rename.help', { name: contact.profile.displayName })}
        />
      </form>
    </Dialog>
  )
}
