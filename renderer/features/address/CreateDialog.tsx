import { useEffect, useRef, useState } from 'react'
import type { ContractError } from '#core/contract'
import { isCancelled, toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { useServices, useStore } from '../../state/index.ts'
import { Banner, Button, Dialog, Switch, TextField } from '../../ui/index.ts'
import s from './Dialogs.module.css'

/** Asks once whether the address goes on the profile, then makes it. One `once`, so at most one address. */
export function CreateDialog({ labelled = false, onClose }: { labelled?: boolean; onClose: () => void }) {
  const { host, store, router, toasts } = useServices()
  const me = useStore((all) => all.profile?.displayName ?? '')
  const [once] = useState(() => crypto.randomUUID())
  const [label, setLabel] = useState('')
  const [shared, setShared] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ContractError | null>(null)
  const [missing, setMissing] = useState(false)
  const create = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const make = async (): Promise<void> => {
    if (busy) return
    if (labelled && label.trim() === '') return setMissing(true)
    abort.current = new AbortController()
    setBusy(true)
    setError(null)
    try {
      const address = await host.call(
        'address.create',
        { ...(labelled && { label: label.trim() }), ...(shared && { sharedInProfile: true }), once },
        abort.current.signal,
      )
      store.putAddress(address)
      onClose()
      toasts.show({ text: t('address.created'), mark: 'check' })
      router.openAddress(address.addressId)
    } catch (thrown) {
      setBusy(false)
      if (!isCancelled(thrown)) setError(toFailure(thrown))
    }
  }
  return (
    <Dialog
      open
      width="s"
      onClose={onClose}
      title={t(labelled ? 'address.create.another' : 'address.create.title')}
      testId="addr-create-dialog"
      state={busy ? 'creating' : 'ready'}
      initialFocus={labelled ? field : create}
      keepOnOutsidePress
      buttons={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button ref={create} tone="primary" busy={busy} onClick={() => void make()}>
            {t(busy ? 'address.creating' : error ? 'address.create.retry' : 'address.create')}
          </Button>
        </>
      }
    >
      <form
        className={s['form']}
        onSubmit={(event) => {
          event.preventDefault()
          void make()
        }}
      >
        <p>{t('address.create.who', { name: me })}</p>
        {labelled && (
          <TextField
            ref={field}
            label={t('address.label')}
            aside={t('address.label.note')}
            placeholder={t('address.label.placeholder')}
            value={label}
            error={missing && label.trim() === '' ? t('address.label.missing') : null}
            onValue={setLabel}
            maxLength={60}
            autoComplete="off"
          />
        )}
        <Switch
          label={t('address.share')}
          help={t('address.create.share')}
          checked={shared}
          onChecked={setShared}
        />
        {error && (
          <Banner tone="bad" role="alert" title={t('address.create.failed')}>
            {error.code === 'ALREADY_EXISTS' && labelled ? t('address.label.taken') : errorText(error)}
          </Banner>
        )}
      </form>
    </Dialog>
  )
}
