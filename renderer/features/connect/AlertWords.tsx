import type { ReactNode } from 'react'
import type { ContractError, LooksLike } from '#core/contract'
import { errorText, fullTime, t } from '../../i18n/index.ts'
import type { MessageKey } from '../../i18n/index.ts'
import { Details, Phrase } from '../../ui/index.ts'
import { relayHost } from '../../state/index.ts'
import type { Alert } from './alerts.ts'
import s from './Words.module.css'

export function alertTitle(alert: Alert, contactName: string | undefined): ReactNode {
  if (alert.plan === 'K' && contactName !== undefined)
    return <Phrase id="connect.K.titleName" name={contactName} />
  if (alert.plan === 'N') return t(`connect.N.${alert.reason}.title`)
  if (alert.plan === 'P') return t(`connect.P.${alert.reason}.title`)
  if (alert.plan === 'V' && alert.needs === 'groups') return t('connect.business.title')
  return t(`connect.${alert.plan}.title`)
}

/** What it is, and what to do about it. */
const looks: Record<LooksLike, readonly [what: MessageKey, next: MessageKey]> = {
  web: ['connect.I.web', 'connect.I.web.next'],
  group: ['connect.I.group', 'connect.I.group.next'],
  channel: ['connect.I.channel', 'connect.I.channel.next'],
  relay: ['connect.I.relay', 'connect.I.relay.next'],
  file: ['connect.I.file', 'connect.I.file.next'],
  name: ['connect.I.name', 'connect.I.name.next'],
  'other-app': ['connect.I.app', 'connect.I.app.next'],
  text: ['connect.I.text', 'connect.I.text.next'],
}

/** What happened, what is safe, what to do; codes and hosts only under Details. */
export function AlertWords({ alert, text }: { alert: Alert; text: string }) {
  return (
    <div className={s['words']}>
      <Words alert={alert} />
      {alert.plan === 'I' && <Foreign text={text} />}
    </div>
  )
}

/** A web address in letters that only look like the usual ones; it was not opened. */
function Foreign({ text }: { text: string }) {
  const host = /https?:\/\/([^/?#\s]{1,300})/i.exec(text)?.[1] ?? ''
  if (!/[^\x21-\x7e]|(?:^|[.@])xn--/i.test(host)) return null
  return <p data-warning="look-alike">{t('connect.warning.look-alike')}</p>
}

function Words({ alert }: { alert: Alert }) {
  switch (alert.plan) {
    case 'O':
      return <p>{t(alert.addressId === undefined ? 'connect.O.text' : 'connect.O.address')}</p>
    case 'C':
      return <p>{t('connect.C.text')}</p>
    case 'K':
      return <p>{t('connect.K.text')}</p>
    case 'R':
      return (
        <p>
          {alert.requestedAt === null
            ? t('connect.R.text')
            : t('connect.R.when', { time: fullTime(alert.requestedAt) })}
        </p>
      )
    case 'P':
      return <p>{t(`connect.P.${alert.reason}.text`)}</p>
    case 'V':
      if (alert.needs === 'update') return <p>{t('connect.V.text')}</p>
      return (
        <>
          <p>{t('connect.business.text')}</p>
          <p>{t('connect.business.next')}</p>
        </>
      )
    case 'U':
      return (
        <>
          <p>{t('connect.U.text')}</p>
          <p>{t('connect.U.never')}</p>
        </>
      )
    case 'I':
      return (
        <>
          {(looks[alert.looksLike] ?? looks.text).map((line) => (
            <p key={line}>{t(line)}</p>
          ))}
        </>
      )
    case 'N':
      return (
        <>
          <p>{alert.reason === 'refused' ? errorText(alert.error) : t(`connect.N.${alert.reason}.text`)}</p>
          <ErrorDetails error={alert.error} />
        </>
      )
    case 'X':
      return (
        <>
          <p>{errorText(alert.error)}</p>
          <ErrorDetails error={alert.error} />
        </>
      )
  }
}

function ErrorDetails({ error }: { error: ContractError }) {
  const { address, step } = error.details ?? {}
  return (
    <Details
      label={t('connect.details')}
      rows={[
        ...(address === undefined ? [] : [{ term: t('connect.details.relay'), value: relayHost(address) }]),
        ...(step === undefined ? [] : [{ term: t('connect.details.step'), value: step }]),
        {
          term: t('connect.details.code'),
          value: error.message === '' ? error.code : `${error.code}: ${error.message}`,
        },
      ]}
    />
  )
}
