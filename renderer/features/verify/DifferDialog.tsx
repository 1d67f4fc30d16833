import { useState } from 'react'
import type { Contact } from '#core/contract'
import { shortName, t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import { Button, Dialog, TextArea } from '../../ui/index.ts'
import { DeleteContact } from '../conversation/index.ts'
import s from './CompareWays.module.css'

/** What a difference means, how to end this contact, and words for another channel (VER-8). */
export function DifferDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { host, toasts } = useServices()
  const [draft, setDraft] = useState(() => t('verify.differ.draft'))
  const [deleting, setDeleting] = useState(false)
  const name = shortName(contact.name)
  const copy = async (): Promise<void> => {
    try {
      await host.copyText(draft)
      toasts.show({ text: t('verify.differ.copied'), mark: 'check' })
    } catch {
      toasts.show({ text: t('verify.copyFailed'), mark: 'problem' })
    }
  }
  if (deleting) return <DeleteContact contact={contact} onClose={onClose} />
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('verify.differ.title')}
      width="s"
      testId="verify-differ-dialog"
      buttons={
        <>
          <Button tone="danger" onClick={() => setDeleting(true)}>
            {t('verify.differ.delete')}
          </Button>
          <Button tone="primary" onClick={() => void copy()}>
            {t('verify.differ.copy')}
          </Button>
        </>
      }
    >
      <div className={s['differ']}>
        <p>{t('verify.differ.text')}</p>
        <p>{t('verify.differ.text2', { name })}</p>
        <TextArea label={t('verify.differ.draft.label')} value={draft} onValue={setDraft} rows={4} />
      </div>
    </Dialog>
  )
}
