import { useState } from 'react'
import type { Connection, Failure } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { relayHost, useServices, useStore } from '../../state/index.ts'
import { Banner, Button, Menu } from '../../ui/index.ts'
import s from './OwnRelayProblem.module.css'

const WHY = {
  RELAY_AUTH: 'pending.own.auth',
  RELAY_QUOTA: 'pending.own.quota',
  RELAY_IDENTITY: 'pending.own.identity',
  RELAY_UNREACHABLE: 'pending.own.unreachable',
} as const

/** A relay of mine does not make the queue that is needed: nothing is used up, and there are three ways on. */
export function OwnRelayProblem({ connection, error }: { connection: Connection; error: Failure }) {
  const { host, router, toasts } = useServices()
  const relays = useStore((store) => store.relays)
  const [busy, setBusy] = useState(false)
  const { connectionId } = connection
  const others = relays.filter(({ address, enabled }) => enabled && address !== error.address)
  const retry = (relay?: string): void => {
    setBusy(true)
    host
      .call('connection.retry', { connectionId, ...(relay !== undefined && { relay }) })
      .then(() => toasts.show({ text: t('pending.own.trying'), mark: 'check' }))
      .catch((thrown: unknown) => toasts.show({ text: errorText(toFailure(thrown)), mark: 'problem' }))
      .finally(() => setBusy(false))
  }
  const why = WHY[error.code as keyof typeof WHY]
  const named = error.address !== undefined && why !== undefined
  return (
    <Banner
      tone="them"
      testId="pending-own-relay"
      state={error.code}
      title={
        named
          ? t('pending.own.title', { relay: relayHost(error.address ?? '') })
          : t(error.code.startsWith('RELAY_') ? 'pending.own.titleTheirs' : 'pending.own.titleHere')
      }
    >
      {named ? t(why) : errorText(error)} {t('pending.own.kept')}
      <span className={s['ways']}>
        <Button size="s" busy={busy} onClick={() => retry()}>
          {t('pending.own.retry')}
        </Button>
        {others.length > 0 && connection.phase !== 'queued' && (
          <Menu
            trigger={<Button size="s">{t('pending.own.other')}</Button>}
            items={others.map(({ address }) => ({
              id: address,
              label: relayHost(address),
              onPress: () => retry(address),
            }))}
          />
        )}
        <Button size="s" tone="quiet" onClick={() => router.openSettings('network')}>
          {t('pending.own.network')}
        </Button>
      </span>
    </Banner>
  )
}
