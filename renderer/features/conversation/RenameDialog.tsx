import { useRef, useState } from 'react'
import type { Contact } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import { Button, Dialog, TextField } from '../../ui/index.ts'

/** The private name of a contact; empty means the name they gave themselves. */
export function RenameDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { host, store } = useServices()
  const [name, setName] = useState(contact.localName ?? contact.name)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      const wanted = name.trim()
      store.putContact(
        await host.call('contact.setName', {
          contactId: contact.contactId,
          name: wanted === '' ? null : wanted,
        }),
      )
      onClose()
    } catch (thrown) {
      setBusy(false)
      setError(errorText(toFailure(thrown)))
    }
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
        <Button tone="primary" busy={busy} onClick={() => void save()}>
          {t('conversation.rename.save')}
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          ref={field}
          label={t('conversation.rename.label')}
          value={name}
          onValue={setName}
          error={error}
          help={t('conversation.rename.help', { name: contact.profile.displayName })}
        />
      </form>
    </Dialog>
  )
}
