import { TriangleAlert } from 'lucide-react'
import type { Address } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { relayHost, useViewModel } from '../../state/index.ts'
import { Banner, Button } from '../../ui/index.ts'
import { ReachNote } from '../hand-over/index.ts'
import type { AddressModel } from './address-model.ts'
import s from './AddressPanel.module.css'

interface AddressNotesProps {
  address: Address
  model: AddressModel
  onReplace: () => void
}

/** What is unusual about this address now, each with its next step. */
export function AddressNotes({ address, model, onReplace }: AddressNotesProps) {
  const { busy } = useViewModel(model)
  const { state, error, relayEnabled, flood, autoAccept, relay } = address
  const { pending, failed } = address.profileUpdates
  return (
    <>
      {state === 'replacing' && (
        <Banner
          tone="them"
          testId="addr-replacing"
          title={t('address.replacing')}
          action={
            <Button size="s" busy={busy === 'replace'} onClick={() => void model.replace()}>
              {t('address.replacing.resume')}
            </Button>
          }
        >
          {t('address.replacing.text')}
        </Banner>
      )}
      {error && state !== 'replacing' && (
        <Banner tone="bad" title={t('address.problem')}>
          {errorText(error)}
        </Banner>
      )}
      {!relayEnabled && state !== 'replacing' && (
        <Banner
          tone="them"
          testId="addr-relay-off"
          title={t('address.relayOff')}
          action={
            <Button size="s" onClick={onReplace}>
              {t('address.replace')}
            </Button>
          }
        >
          {t('address.relayOff.text', { host: relayHost(relay) })}
        </Banner>
      )}
      {state !== 'replacing' && <ReachNote reach={address.reach} stale={address.stale} onRenew={onReplace} />}
      {flood && (
        <Banner tone="them" icon={TriangleAlert} testId="addr-flood" title={t('address.flood')}>
          {t('address.flood.text')}
          <span className={s['proposals']}>
            {state === 'active' && (
              <Button size="s" onClick={() => void model.pause(true)}>
                {t('address.pause')}
              </Button>
            )}
            <Button size="s" onClick={onReplace}>
              {t('address.replace')}
            </Button>
            {autoAccept && (
              <Button size="s" onClick={() => void model.stopAccepting()}>
                {t('address.flood.noAuto')}
              </Button>
            )}
          </span>
        </Banner>
      )}
      {(pending > 0 || failed > 0) && (
        <p className={s['updates']} role="status" data-testid="addr-updates">
          {pending > 0 && t('address.updates.pending', { count: pending })}{' '}
          {failed > 0 && t('address.updates.failed', { count: failed })}
        </p>
      )}
    </>
  )
}
