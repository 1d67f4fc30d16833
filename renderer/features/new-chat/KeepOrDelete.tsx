import { useState } from 'react'
import type { ContractError } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { toFailure } from '../../host/index.ts'
import { AlertDialog, Banner } from '../../ui/index.ts'
import type { InvitationModel } from './invitation-model.ts'

export interface KeepOrDeleteProps {
  open: boolean
  model: InvitationModel
  /** Back to the card. */
  onStay: () => void
  onLeave: () => void
}

/** Asked when a card closes whose link nobody has been given yet (INV-6). */
export function KeepOrDelete({ open, model, onStay, onLeave }: KeepOrDeleteProps) {
  const [error, setError] = useState<ContractError | null>(null)
  const remove = async (): Promise<void> => {
    try {
      await model.deleteLink()
      onLeave()
    } catch (thrown) {
      setError(toFailure(thrown))
    }
  }
  return (
    <AlertDialog
      open={open}
      onClose={onStay}
      title={t('newChat.ask.title')}
      testId="invite-keep"
      actions={[
        { label: t('newChat.ask.delete'), tone: 'danger', onPress: () => void remove() },
        { label: t('newChat.ask.keep'), onPress: onLeave },
      ]}
    >
      <p>{t('newChat.ask.text')}</p>
      {error && (
        <Banner tone="bad" role="alert" title={t('newChat.deleteFailed')}>
          {errorText(error)}
        </Banner>
      )}
    </AlertDialog>
  )
}
