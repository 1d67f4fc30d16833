import { useState } from 'react'
import { t } from '../../i18n/index.ts'
import { useHost, useStore } from '../../state/index.ts'
import { AlertDialog, Hidden, TextLink } from '../../ui/index.ts'
import type { AlertAction } from '../../ui/index.ts'
import { AlertWords, alertTitle } from './AlertWords.tsx'
import type { Alert } from './alerts.ts'
import type { ConnectModel } from './connect-model.ts'
import s from './Words.module.css'

/** Why nothing is connected now, with exactly the offers of the table of plans (flows 7). */
export function PlanAlert({ model, alert }: { model: ConnectModel; alert: Alert }) {
  const host = useHost()
  const [copied, setCopied] = useState(false)
  const contactId = 'contactId' in alert ? alert.contactId : null
  const contact = useStore((all) => (contactId === null ? undefined : all.contacts.get(contactId)))
  const actions = offers(alert, copied, {
    open: () => model.open(),
    again: () => model.askAgain(),
    retry: () => model.retry(),
    later: () => model.tryWhenOnline(),
    ask: () =>
      void host.copyText(t('connect.U.askText')).then(
        () => setCopied(true),
        () => undefined,
      ),
  })
  return (
    <AlertDialog
      open
      onClose={() => model.cancel()}
      title={alertTitle(alert, contact?.name)}
      testId="plan-alert"
      state={alert.plan}
      cancelLabel={
        alert.plan === 'R'
          ? t('connect.R.keep')
          : t(actions.length === 0 ? 'connect.close' : 'connect.cancel')
      }
      actions={actions}
    >
      <AlertWords alert={alert} text={model.text} />
      {alert.plan === 'O' && alert.others.length > 0 && (
        <p className={s['more']}>
          <TextLink onPress={() => model.asAnother()}>{t('connect.O.another')}</TextLink>
        </p>
      )}
      <div role="status">{copied && <Hidden>{t('connect.U.copied')}</Hidden>}</div>
    </AlertDialog>
  )
}

interface Ways {
  open: () => void
  again: () => void
  retry: () => void
  later: () => void
  ask: () => void
}

function offers(alert: Alert, copied: boolean, ways: Ways): AlertAction[] {
  switch (alert.plan) {
    case 'O':
      return alert.connectionId === null && alert.addressId === undefined
        ? []
        : [{ label: t('connect.O.open'), onPress: ways.open }]
    case 'C':
      return alert.connectionId === null && alert.contactId === null
        ? []
        : [{ label: t('connect.C.open'), onPress: ways.open }]
    case 'K':
      return alert.contactId === null ? [] : [{ label: t('connect.K.open'), onPress: ways.open }]
    case 'R':
      return [
        { label: t('connect.R.again'), tone: 'neutral', onPress: ways.again },
        ...(alert.connectionId === null
          ? []
          : [{ label: t('connect.R.open'), tone: 'neutral' as const, onPress: ways.open }]),
      ]
    case 'U':
      return [
        { label: copied ? t('connect.U.copied') : t('connect.U.ask'), tone: 'neutral', onPress: ways.ask },
      ]
    case 'N':
      return [
        ...(alert.reason === 'unreachable'
          ? [{ label: t('connect.N.later'), tone: 'neutral' as const, onPress: ways.later }]
          : []),
        { label: t('connect.N.retry'), onPress: ways.retry },
      ]
    case 'X':
      return [{ label: t('connect.N.retry'), onPress: ways.retry }]
    case 'P':
    case 'V':
    case 'I':
      return []
  }
}
