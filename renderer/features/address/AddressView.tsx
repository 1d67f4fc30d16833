import { useEffect, useState } from 'react'
import { ArrowLeftRight, Pause, Play } from 'lucide-react'
import type { Address } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { useRouter, useServices, useViewModel } from '../../state/index.ts'
import { Banner, Button, Icon } from '../../ui/index.ts'
import { AddressCard } from './AddressCard.tsx'
import { AddressForm } from './AddressForm.tsx'
import { AddressModel } from './address-model.ts'
import { AddressNotes } from './AddressNotes.tsx'
import { DeleteAddress } from './DeleteAddress.tsx'
import { LabelDialog, LeaveDialog, ReplaceDialog, ShareDialog } from './Dialogs.tsx'
import s from './AddressPanel.module.css'

type Open = 'share' | 'replace' | 'delete' | 'label'

/** One address: what others get, the switches, and its end. */
export function AddressView({ address }: { address: Address }) {
  const { host, store } = useServices()
  const router = useRouter()
  const [model] = useState(() => new AddressModel(host, address, (next) => store.putAddress(next)))
  const { busy, error } = useViewModel(model)
  const [open, setOpen] = useState<Open | null>(null)
  /** What goes on once the question about unsaved changes is answered. */
  const [asked, setAsked] = useState<(() => void) | null>(null)
  useEffect(() => model.follow(address), [model, address])
  useEffect(
    () =>
      router.setGuard((goOn) => {
        if (model.dirty) setAsked(() => goOn)
        return model.dirty
      }),
    [router, model],
  )
  const first = (goOn: () => void): void => (model.dirty ? setAsked(() => goOn) : goOn())
  const close = (): void => setOpen(null)
  const stopped = address.state === 'paused' || address.state === 'stopped'
  return (
    <>
      <AddressNotes address={address} model={model} onReplace={() => first(() => setOpen('replace'))} />
      {error && open === null && (
        <Banner tone="bad" role="alert" title={t('address.notDone')} testId="addr-error">
          {error.code === 'ALREADY_EXISTS' ? t('address.label.taken') : errorText(error)}
        </Banner>
      )}
      <AddressCard address={address} onLabel={() => setOpen('label')} />
      <AddressForm address={address} model={model} onShare={() => setOpen('share')} />
      <div className={s['deeds']}>
        <Button
          icon={<Icon of={stopped ? Play : Pause} size="m" />}
          busy={busy === 'pause'}
          data-testid="addr-pause"
          onClick={() => void model.pause(!stopped)}
        >
          {t(stopped ? 'address.resume' : 'address.pause')}
        </Button>
        <Button
          icon={<Icon of={ArrowLeftRight} size="m" />}
          data-testid="addr-replace"
          onClick={() => first(() => setOpen('replace'))}
        >
          {t('address.replace')}
        </Button>
        <Button
          tone="quiet-danger"
          flush="end"
          className={s['delete']}
          data-testid="addr-delete"
          onClick={() => first(() => setOpen('delete'))}
        >
          {t('address.delete')}
        </Button>
      </div>
      {open === 'share' && <ShareDialog address={address} model={model} onClose={close} />}
      {open === 'label' && <LabelDialog address={address} model={model} onClose={close} />}
      {open === 'replace' && <ReplaceDialog address={address} model={model} onClose={close} />}
      {open === 'delete' && <DeleteAddress address={address} model={model} onClose={close} />}
      {asked !== null && <LeaveDialog model={model} onStay={() => setAsked(null)} onLeave={asked} />}
    </>
  )
}
