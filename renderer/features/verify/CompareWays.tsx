import { useState } from 'react'
import { Camera, ShieldCheck } from 'lucide-react'
import type { Contact, SecurityCode } from '#core/contract'
import { shortName, t } from '../../i18n/index.ts'
import { useServices, useViewModel } from '../../state/index.ts'
import { AlertDialog, Button, Icon, TextField } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { ScanDialog } from '../scan/index.ts'
import { DifferDialog } from './DifferDialog.tsx'
import type { VerifyModel, VerifyState } from './verify-model.ts'
import s from './CompareWays.module.css'

interface Props {
  contact: Contact
  model: VerifyModel
  code: SecurityCode
}

/** Two equal ways: a code that came here, or two people who look or speak. */
export function CompareWays({ contact, model, code }: Props) {
  const { toasts } = useServices()
  const { pasted, reason, busy } = useViewModel(model)
  const [open, setOpen] = useState<Open>(null)
  const name = shortName(contact.name)
  const verified = code.state === 'verified'
  const say = (matches: boolean): void => {
    if (matches) toasts.show({ text: t('verify.verified', { name }), mark: 'check' })
  }
  return (
    <div className={s['ways']}>
      <section className={s['way']}>
        <h2 className={text['strong']}>{t('verify.here.title')}</h2>
        <p className={text['sub']}>{t('verify.here.text', { name })}</p>
        <Button
          wide
          tone="primary"
          icon={<Icon of={Camera} size="m" />}
          busy={busy === 'scan'}
          data-testid="verify-scan"
          onClick={() => setOpen('scan')}
        >
          {t('verify.scan')}
        </Button>
        <form
          className={s['paste']}
          onSubmit={(event) => {
            event.preventDefault()
            void model.compare().then(say)
          }}
        >
          <TextField
            label={t('verify.paste')}
            hideLabel
            className={s['field']}
            placeholder={t('verify.paste.placeholder')}
            value={pasted}
            onValue={(value) => model.setPasted(value)}
            error={reason && t(`verify.reason.${reason}`)}
            autoComplete="off"
            spellCheck={false}
            data-testid="verify-paste"
            data-state={reason ?? 'none'}
          />
          <Button
            type="submit"
            busy={busy === 'compare'}
            disabled={pasted.trim() === ''}
            data-testid="verify-compare"
          >
            {t('verify.compare')}
          </Button>
        </form>
      </section>
      <section className={s['way']}>
        <h2 className={text['strong']}>{t('verify.eye.title')}</h2>
        <p className={text['sub']}>{t('verify.eye.text')}</p>
        {verified ? (
          <Button wide data-testid="verify-clear" onClick={() => setOpen('clear')}>
            {t('verify.clear')}
          </Button>
        ) : (
          <Button
            wide
            icon={<Icon of={ShieldCheck} size="m" />}
            busy={busy === 'match'}
            data-testid="verify-match"
            onClick={() => void model.match().then(say)}
          >
            {t('verify.match')}
          </Button>
        )}
        <Button wide data-testid="verify-differ" onClick={() => setOpen('differ')}>
          {t('verify.differ')}
        </Button>
      </section>
      <Dialogs {...{ contact, model, open, setOpen, say, busy }} />
    </div>
  )
}

type Open = 'scan' | 'differ' | 'clear' | null

interface DialogsProps {
  contact: Contact
  model: VerifyModel
  open: Open
  setOpen: (open: Open) => void
  say: (matches: boolean) => void
  busy: VerifyState['busy']
}

function Dialogs({ contact, model, open, setOpen, say, busy }: DialogsProps) {
  const name = shortName(contact.name)
  return (
    <>
      {open === 'scan' && (
        <ScanDialog
          purpose="securityCode"
          onClose={() => setOpen(null)}
          onFound={(found) => {
            setOpen(null)
            void model.scanned(found.text).then(say)
          }}
        />
      )}
      {open === 'differ' && <DifferDialog contact={contact} onClose={() => setOpen(null)} />}
      {open === 'clear' && (
        <ClearDialog model={model} name={name} busy={busy === 'clear'} onClose={() => setOpen(null)} />
      )}
    </>
  )
}

interface ClearDialogProps {
  model: VerifyModel
  name: string
  busy: boolean
  onClose: () => void
}

function ClearDialog({ model, name, busy, onClose }: ClearDialogProps) {
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={t('verify.clear.title', { name })}
      testId="verify-clear-dialog"
      actions={[
        {
          label: t('verify.clear.confirm'),
          tone: 'destroy',
          busy,
          onPress: () => void model.clear().then(onClose),
        },
      ]}
    >
      <p>{t('verify.clear.text', { name })}</p>
    </AlertDialog>
  )
}
