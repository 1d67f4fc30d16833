import { useState } from 'react'
import type { Address, Request } from '#core/contract'
import { shortName, t } from '../../i18n/index.ts'
import { useServices, useStore, useViewModel } from '../../state/index.ts'
import { AlertDialog, Avatar, Name, RadioGroup } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import type { AddressModel } from './address-model.ts'
import { Problem } from './Dialogs.tsx'
import s from './Dialogs.module.css'

type Fate = 'keep' | 'accept' | 'reject'

const LISTED = 100 // ours: more rows than anybody reads; the rest is counted

interface DeleteAddressProps {
  address: Address
  model: AddressModel
  onClose: () => void
}

/** Says what survives, lists who waits, and lets them be accepted or rejected first (REQ-6). */
export function DeleteAddress({ address, model, onClose }: DeleteAddressProps) {
  const { toasts, router } = useServices()
  const requests = useStore((all) => all.requests)
  const { busy } = useViewModel(model)
  const waiting = [...requests.values()].filter(
    (one) => one.addressId === address.addressId && one.state === 'waiting',
  )
  const [fate, setFate] = useState<Fate>('keep')
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const remove = async (): Promise<void> => {
    const acceptFirst = waiting.map((one) => one.requestId).filter((id) => !left.has(id))
    if (!(await model.remove(fate === 'accept' ? { acceptFirst } : fate))) return
    onClose()
    toasts.show({ text: t('address.deleted'), mark: 'check' })
    router.openAddress()
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t('address.delete.title')}
      testId="addr-delete-dialog"
      cancelLabel={t('address.delete.keep')}
      actions={[
        {
          label: t('address.delete.confirm'),
          tone: 'destroy',
          busy: busy === 'delete',
          onPress: () => void remove(),
        },
      ]}
    >
      <div className={s['form']}>
        <p>{t('address.delete.text')}</p>
        {address.sharedInProfile && <p>{t('address.delete.shared')}</p>}
        {waiting.length > 0 && (
          <>
            <RadioGroup<Fate>
              label={t('address.delete.waiting', { count: waiting.length })}
              value={fate}
              onValue={setFate}
              look="list"
              options={[
                {
                  value: 'keep',
                  title: t('address.delete.fate.keep'),
                  help: t('address.delete.fate.keep.help'),
                },
                { value: 'accept', title: t('address.delete.fate.accept') },
                { value: 'reject', title: t('address.delete.fate.reject'), help: t('requests.silent') },
              ]}
            />
            <Waiting waiting={waiting} choosing={fate === 'accept'} left={left} onLeft={setLeft} />
          </>
        )}
        <Problem model={model} />
      </div>
    </AlertDialog>
  )
}

interface WaitingProps {
  waiting: readonly Request[]
  choosing: boolean
  /** Not to be accepted first. */
  left: ReadonlySet<string>
  onLeft: (left: ReadonlySet<string>) => void
}

function Waiting({ waiting, choosing, left, onLeft }: WaitingProps) {
  const toggle = (id: string): void => {
    const next = new Set(left)
    if (!next.delete(id)) next.add(id)
    onLeft(next)
  }
  return (
    <ul className={s['list']}>
      {waiting.slice(0, LISTED).map((one) => {
        const name = shortName(one.profile.displayName)
        return (
          <li key={one.requestId}>
            <label className={s['person']}>
              {choosing && (
                <input
                  type="checkbox"
                  className={s['check']}
                  checked={!left.has(one.requestId)}
                  onChange={() => toggle(one.requestId)}
                />
              )}
              <Avatar seed={one.requestId} name={name} image={one.profile.image} size={24} />
              <Name cut>{name}</Name>
            </label>
          </li>
        )
      })}
      {waiting.length > LISTED && (
        <li className={s['person']}>
          <span className={text['sub']}>{t('address.delete.more', { count: waiting.length - LISTED })}</span>
        </li>
      )}
    </ul>
  )
}
