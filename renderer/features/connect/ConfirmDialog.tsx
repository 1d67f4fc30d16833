import { useRef, useState } from 'react'
import { Server, Signpost, Ticket } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { Button, Chip, Details, Dialog, Icon, LinkBox, Phrase, TextArea, TextField } from '../../ui/index.ts'
import { LONGEST_PRIVATE_NAME, ownSeed, relayHost } from '../../state/index.ts'
import type { ConnectModel, ConnectState } from './connect-model.ts'
import { IdentityList, INCOGNITO, shownAs } from '../identity/index.ts'
import { PairPlate } from './PairPlate.tsx'
import { Warnings } from './Warnings.tsx'
import s from './ConfirmDialog.module.css'

const LONGEST_MESSAGE = 1_000 // ours: what fits one request beside a picture

export interface ConfirmDialogProps {
  model: ConnectModel
  state: ConnectState & { tag: 'confirm' }
}

/** See who, see as whom I appear, decide (flows 8). Only *Connect* sends anything. */
export function ConfirmDialog({ model, state }: ConfirmDialogProps) {
  const { plan, appearing, busy } = state
  const [name, setName] = useState(model.name)
  const [message, setMessage] = useState(model.message)
  const field = useRef<HTMLInputElement>(null)
  const theirName = plan.preview?.profile.displayName
  return (
    <Dialog
      open
      onClose={() => model.cancel()}
      title={
        theirName === undefined ? t('connect.title') : <Phrase id="connect.titleName" name={theirName} />
      }
      testId="connect-dialog"
      state={busy ? 'connecting' : 'ready'}
      initialFocus={field}
      keepOnOutsidePress
      footer={<Decide model={model} state={state} />}
    >
      <PairPlate
        mine={shownAs(appearing)}
        seed={ownSeed(appearing.profiles, appearing.chosen ?? undefined)}
        incognito={appearing.chosen === INCOGNITO}
        preview={plan.preview}
      />
      <div className={s['facts']}>
        <div className={s['chips']}>
          <Chip tone="them" icon={<Icon of={plan.kind === 'invitation' ? Ticket : Signpost} size="s" />}>
            {t(`connect.kind.${plan.kind}`)}
          </Chip>
          <span className={s['host']}>
            <Icon of={Server} size="s" />
            <span>{relayHost(plan.relay)}</span>
          </span>
        </div>
        {plan.preview && <p className={s['small']}>{t('connect.notProof')}</p>}
      </div>
      {plan.preview?.message && <Welcome text={plan.preview.message} />}
      <Warnings warnings={plan.warnings} knownRelay={plan.knownRelay} />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          model.connect()
        }}
      >
        <IdentityList
          label={t('connect.as')}
          appearing={appearing}
          onChoose={(choice) => model.appearAs(choice)}
          onAnotherName={() => void model.anotherName()}
          disabled={busy}
        />
        <TextField
          ref={field}
          label={t('connect.name')}
          aside={t('connect.name.note')}
          placeholder={theirName ?? t('connect.name.placeholder')}
          value={name}
          onValue={(next) => {
            setName(next)
            model.setName(next)
          }}
          readOnly={busy}
          maxLength={LONGEST_PRIVATE_NAME}
          autoComplete="off"
        />
        {plan.kind === 'address' && (
          <TextArea
            className={s['message']}
            label={t('connect.message')}
            aside={t('connect.message.count', { count: message.length, most: LONGEST_MESSAGE })}
            help={t('connect.message.help')}
            value={message}
            onValue={(next) => {
              setMessage(next)
              model.setMessage(next)
            }}
            readOnly={busy}
            rows={3}
            maxLength={LONGEST_MESSAGE}
            data-testid="connect-message"
          />
        )}
      </form>
      <Raw link={plan.link} />
    </Dialog>
  )
}

/** The link itself says nothing to anybody; it is here for whoever wants to compare it. */
function Raw({ link }: { link: string }) {
  const value = <LinkBox link={link} label={t('connect.link')} testId="connect-text" />
  return <Details label={t('connect.details')} rows={[{ term: t('connect.link'), value }]} />
}

/** What the owner of an address says to newcomers, as the link carries it: words alone. All of a long one is in the chat later. */
function Welcome({ text }: { text: string }) {
  return (
    <section className={s['welcome']} aria-label={t('connect.welcome')}>
      <p className={s['small']}>{t('connect.welcome')}</p>
      <p className={s['words']} dir="auto" data-testid="connect-welcome">
        {text}
      </p>
    </section>
  )
}

/** Says what leaves this computer, beside the button that lets it go. */
function Decide({ model, state: { plan, appearing, busy, slow } }: ConfirmDialogProps) {
  const shown = shownAs(appearing)
  const incognito = appearing.chosen === INCOGNITO
  return (
    <>
      <p className={s['notSent']} role="status" data-state={slow ? 'slow' : undefined}>
        {slow
          ? t('connect.slow')
          : busy
            ? t('connect.sending')
            : appearing.chosen === null && plan.preview?.looksRandom
              ? t('connect.guard')
              : t(incognito ? 'connect.ownNameNotSent' : 'connect.notSent')}
      </p>
      <div className={s['buttons']}>
        <Button onClick={() => model.cancel()}>{t('connect.cancel')}</Button>
        <Button
          tone="primary"
          busy={busy}
          disabled={appearing.chosen === null}
          className={s['connect']}
          onClick={() => model.connect()}
        >
          {busy ? (
            t('connect.busy')
          ) : appearing.chosen === null ? (
            t('connect.choose')
          ) : (
            <Phrase id="connect.confirm" name={shown?.displayName ?? t('identity.incognito')} />
          )}
        </Button>
      </div>
    </>
  )
}
