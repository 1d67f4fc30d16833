import { useEffect, useRef, useState } from 'react'
import { Plus, Tickets } from 'lucide-react'
import type { ContractError } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { toFailure } from '../../host/index.ts'
import { useViewModel } from '../../state/index.ts'
import { AlertDialog, Banner, Button, Icon } from '../../ui/index.ts'
import type { InvitationModel } from './invitation-model.ts'
import s from './CardFooter.module.css'

export interface CardFooterProps {
  model: InvitationModel
  onSeveral: () => void
  /** *Several at once* was left just now: it has the focus again. */
  fromSeveral: boolean
}

export function CardFooter({ model, onSeveral, fromSeveral }: CardFooterProps) {
  const { phase } = useViewModel(model)
  const [asking, setAsking] = useState(false)
  const [error, setError] = useState<ContractError | null>(null)
  const several = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (fromSeveral) several.current?.focus()
  }, [fromSeveral])
  const deletable = ['unused', 'shared', 'opened', 'connecting', 'expired', 'failed'].includes(phase)

  const remove = async (): Promise<void> => {
    try {
      await model.deleteLink()
      setAsking(false)
    } catch (thrown) {
      setError(toFailure(thrown))
    }
  }
  return (
    <>
      <Button
        tone="quiet"
        flush="start"
        icon={<Icon of={Plus} size="m" />}
        onClick={() => void model.makeAnother()}
      >
        {t('newChat.another')}
      </Button>
      <Button
        ref={several}
        tone="quiet"
        icon={<Icon of={Tickets} size="m" />}
        data-testid="invite-several"
        onClick={onSeveral}
      >
        {t('newChat.several')}
      </Button>
      {deletable && (
        <Button tone="quiet-danger" flush="end" className={s['end']} onClick={() => setAsking(true)}>
          {t('newChat.delete')}
        </Button>
      )}
      <AlertDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('newChat.delete.title')}
        cancelLabel={t('newChat.delete.cancel')}
        testId="invite-delete"
        actions={[{ label: t('newChat.delete.confirm'), tone: 'destroy', onPress: () => void remove() }]}
      >
        <p>
          {phase === 'connecting' || phase === 'opened'
            ? t('newChat.delete.connecting')
            : t('newChat.delete.text')}
        </p>
        {error && (
          <Banner tone="bad" role="alert" title={t('newChat.deleteFailed')}>
            {errorText(error)}
          </Banner>
        )}
      </AlertDialog>
    </>
  )
}
