import type { Contact } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { useRouter } from '../../state/index.ts'
import { Button, Phrase, Spinner, Tally } from '../../ui/index.ts'
import { CreateError } from './CreateError.tsx'
import type { InvitationModel, InvitationState } from './invitation-model.ts'
import { LinkHandover } from './LinkHandover.tsx'
import { SlowWait } from './SlowWait.tsx'
import s from './TheirHalf.module.css'

export interface TheirHalfProps {
  model: InvitationModel
  state: InvitationState
  contact: Contact | undefined
}

/** What the other side gets: the link and its code, while they work; what came of them afterwards. */
export function TheirHalf({ model, state, contact }: TheirHalfProps) {
  if (state.link !== null) return <LinkHandover model={model} link={state.link} state={state} />
  return (
    <div className={s['half']}>
      <p className={s['caption']}>{t('newChat.half.theirs')}</p>
      <div className={s['middle']}>
        <Instead model={model} state={state} contact={contact} />
      </div>
    </div>
  )
}

function Instead({ model, state, contact }: TheirHalfProps) {
  const router = useRouter()
  switch (state.phase) {
    case 'idle':
    case 'creating':
      return <Waiting model={model} slow={state.slow} />
    case 'error':
      return <CreateError model={model} state={state} />
    case 'connected':
      return (
        <>
          <Tally state="connected" size={72} />
          {contact && (
            <Button tone="primary" className={s['open']} onClick={() => router.openRow(contact.rowId)}>
              <Phrase id="newChat.connected.open" name={contact.name} />
            </Button>
          )}
        </>
      )
    case 'opened':
      return (
        <>
          <Tally state="opened" size={72} />
          {state.openedAlarm && (
            <Button tone="primary" onClick={() => void model.makeAgain()}>
              {t('newChat.replace')}
            </Button>
          )}
        </>
      )
    case 'expired':
      return (
        <>
          <Tally state="expired" size={72} />
          <Button tone="primary" onClick={() => void model.makeAgain()}>
            {t('newChat.again')}
          </Button>
        </>
      )
    case 'connecting':
      return <Tally state="opened" size={72} />
    case 'failed':
      return <Tally state="failed" size={72} />
    default:
      return <Tally state="expired" size={72} />
  }
}

function Waiting({ model, slow }: { model: InvitationModel; slow: boolean }) {
  return (
    <>
      <div className={s['blank']}>
        <Spinner />
        {t('newChat.creating')}
      </div>
      {slow && <SlowWait onCancel={() => model.cancel()} />}
    </>
  )
}
