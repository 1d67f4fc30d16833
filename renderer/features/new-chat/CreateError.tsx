import { ChevronDown } from 'lucide-react'
import { errorText, t } from '../../i18n/index.ts'
import { relayHost, useRouter, useStore } from '../../state/index.ts'
import { Banner, Button, Details, Icon, Menu, TextLink } from '../../ui/index.ts'
import type { InvitationModel, InvitationState } from './invitation-model.ts'
import s from './CreateError.module.css'

/** No link was made: what happened, Retry, another relay. The name that was typed stays beside it (INV-10). */
export function CreateError({ model, state }: { model: InvitationModel; state: InvitationState }) {
  const router = useRouter()
  const relays = useStore((all) => all.relays)
  const { error, relay } = state
  if (error === null) return null
  const failed = relay === null ? null : relayHost(relay)
  const others = relays.filter((one) => one.enabled && relayHost(one.address) !== failed)
  return (
    <div className={s['error']}>
      <Banner tone="bad" role="alert" title={t('newChat.error.title')}>
        {error.code === 'CANCELLED' ? t('newChat.error.stopped') : errorText(error)}
      </Banner>
      <div className={s['ways']}>
        <Button tone="primary" onClick={() => model.retry()}>
          {t('newChat.retry')}
        </Button>
        {others.length > 0 && (
          <Menu
            trigger={
              <Button>
                {t('newChat.otherRelay')}
                <Icon of={ChevronDown} size="m" className={s['down']} />
              </Button>
            }
            items={others.map((one) => ({
              id: one.address,
              label: relayHost(one.address),
              onPress: () => model.retry(one.address),
            }))}
          />
        )}
      </div>
      {others.length === 0 && (
        <p className={s['hint']}>
          {t('newChat.otherRelay.none')}{' '}
          <TextLink onPress={() => router.openSettings('network')}>
            {t('newChat.otherRelay.settings')}
          </TextLink>
        </p>
      )}
      <Details
        label={t('newChat.details')}
        rows={[
          ...(failed === null ? [] : [{ term: t('newChat.error.relay'), value: failed }]),
          { term: t('newChat.error.reason'), value: error.message === '' ? error.code : error.message },
        ]}
      />
    </div>
  )
}
