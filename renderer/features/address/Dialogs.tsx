import { useRef, useState } from 'react'
import type { Address } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { useRouter, useServices, useStore, useViewModel } from '../../state/index.ts'
import { AlertDialog, Banner, Button, Dialog, TextField } from '../../ui/index.ts'
import type { AddressModel } from './address-model.ts'
import s from './Dialogs.module.css'

interface DialogProps {
  address: Address
  model: AddressModel
  onClose: () => void
}

/** What did not work, inside the dialog that asked for it. */
export function Problem({ model }: { model: AddressModel }) {
  const { error } = useViewModel(model)
  if (!error) return null
  return (
    <Banner tone="bad" role="alert">
      {error.code === 'ALREADY_EXISTS' ? t('address.label.taken') : errorText(error)}
    </Banner>
  )
}

/** Contacts get a profile update either way, so it is said first. */
export function ShareDialog({ address, model, onClose }: DialogProps) {
  const { busy } = useViewModel(model)
  const contacts = useStore((all) => all.contacts)
  const on = !address.sharedInProfile
  const told = [...contacts.values()].filter((one) => one.incognitoProfile === null).length
  const way = on ? 'on' : 'off'
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t(`address.share.${way}.title`)}
      testId="addr-share-dialog"
      actions={[
        {
          label: t(`address.share.${way}.confirm`),
          busy: busy === 'share',
          onPress: () => void model.share(on).then((done) => done && onClose()),
        },
      ]}
    >
      <div className={s['form']}>
        <p>{t(`address.share.${way}.text`, { count: told })}</p>
        <Problem model={model} />
      </div>
    </AlertDialog>
  )
}

export function LabelDialog({ address, model, onClose }: DialogProps) {
  const { busy } = useViewModel(model)
  const [label, setLabel] = useState(address.label ?? '')
  const field = useRef<HTMLInputElement>(null)
  const save = async (): Promise<void> => {
    if (await model.setLabel(label)) onClose()
  }
  return (
    <Dialog
      open
      width="s"
      onClose={onClose}
      title={t('address.label.edit')}
      initialFocus={field}
      testId="addr-label-dialog"
      buttons={
        <Button tone="primary" busy={busy === 'label'} onClick={() => void save()}>
          {t('address.label.save')}
        </Button>
      }
    >
      <form
        className={s['form']}
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField
          ref={field}
          label={t('address.label')}
          aside={t('address.label.note')}
          help={t('address.label.help')}
          placeholder={t('address.label.placeholder')}
          value={label}
          onValue={setLabel}
          maxLength={60}
          autoComplete="off"
        />
        <Problem model={model} />
      </form>
    </Dialog>
  )
}

/** The new one comes first; what survives is said before (ADR-8). */
export function ReplaceDialog({ address, model, onClose }: DialogProps) {
  const { toasts } = useServices()
  const router = useRouter()
  const { busy } = useViewModel(model)
  const replace = async (): Promise<void> => {
    const made = await model.replace()
    if (made === null) return
    onClose()
    router.openAddress(made.addressId)
    if (made.state !== 'replacing') toasts.show({ text: t('address.replaced'), mark: 'check' })
  }
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t('address.replace.title')}
      testId="addr-replace-dialog"
      state={busy === 'replace' ? 'replacing' : 'ready'}
      actions={[
        { label: t('address.replace.confirm'), busy: busy === 'replace', onPress: () => void replace() },
      ]}
    >
      <div className={s['form']}>
        <p>{t('address.replace.text')}</p>
        {address.sharedInProfile && <p>{t('address.replace.shared')}</p>}
        <Problem model={model} />
      </div>
    </AlertDialog>
  )
}

/** Leaving with unsaved changes asks (ADR-9). */
export function LeaveDialog(props: { model: AddressModel; onStay: () => void; onLeave: () => void }) {
  const { model, onStay, onLeave } = props
  const { busy } = useViewModel(model)
  const save = async (): Promise<void> => {
    const saved = await model.save()
    onStay()
    if (saved) onLeave()
  }
  return (
    <AlertDialog
      open
      onClose={onStay}
      title={t('address.leave.title')}
      testId="addr-leave"
      cancelLabel={t('address.leave.stay')}
      actions={[
        {
          label: t('address.discard'),
          tone: 'neutral',
          onPress: () => {
            model.discard()
            onStay()
            onLeave()
          },
        },
        { label: t('address.save'), busy: busy === 'save', onPress: () => void save() },
      ]}
    >
      <p>{t('address.leave.text')}</p>
    </AlertDialog>
  )
}
