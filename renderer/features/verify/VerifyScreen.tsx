import { useEffect, useRef, useState } from 'react'
import { ChevronLeft, Clock, Shield, ShieldCheck, TriangleAlert, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Contact, SecurityCode } from '#core/contract'
import { errorText, fullTime, shortName, t } from '../../i18n/index.ts'
import { hasEnded, useRouter, useServices, useViewModel } from '../../state/index.ts'
import { Banner, Chip, Icon, IconButton, Switch } from '../../ui/index.ts'
import type { ChipTone } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { CodeCard } from './CodeCard.tsx'
import { CompareWays } from './CompareWays.tsx'
import { VerifyModel } from './verify-model.ts'
import s from './VerifyScreen.module.css'

const looks: Record<SecurityCode['state'] | 'over', { tone: ChipTone; icon: LucideIcon }> = {
  unavailable: { tone: 'plain', icon: Clock },
  /** The chat has ended, and its keys with it. */
  over: { tone: 'plain', icon: Shield },
  unverified: { tone: 'them', icon: Shield },
  verified: { tone: 'good', icon: ShieldCheck },
  changed: { tone: 'bad', icon: TriangleAlert },
}

/** In the place of the chat: the code, and the ways to compare it (flows 11). */
export function VerifyScreen({ contact }: { contact: Contact }) {
  const { host } = useServices()
  const router = useRouter()
  const { contactId, verifiedAt, codeChangedAt, status } = contact
  const [model] = useState(() => new VerifyModel(host, contactId))
  const { code, error } = useViewModel(model)
  // what is shown is computed anew when the contact changed, also from outside
  useEffect(() => void model.load(), [model, verifiedAt, codeChangedAt, status])
  const close = (): void => router.toggleVerify(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  useEscape(close)
  const name = shortName(contact.name)
  const ready = code !== null && code.state !== 'unavailable'
  return (
    <main className={s['screen']} id="main" data-testid="verify-screen" data-state={code?.state ?? 'loading'}>
      <header className={s['bar']}>
        <IconButton label={t('verify.back')} onClick={close} data-testid="verify-back">
          <Icon of={ChevronLeft} className={s['chevron']} />
        </IconButton>
        <h1 className={s['title']} tabIndex={-1} ref={heading}>
          {t('verify.title', { name })}
        </h1>
        <IconButton label={t('ui.close')} onClick={close}>
          <Icon of={X} />
        </IconButton>
      </header>
      <div className={s['body']}>
        <div className={s['column']}>
          {code && <Status code={code} contact={contact} />}
          {error && (
            <Banner tone="bad" role="alert">
              {errorText(error)}
            </Banner>
          )}
          {ready && <CodeCard code={code} />}
          {ready && <CompareWays contact={contact} model={model} code={code} />}
          {ready && <Hold contact={contact} />}
          <Banner>{t('verify.how')}</Banner>
        </div>
      </div>
    </main>
  )
}

function Status({ code, contact }: { code: SecurityCode; contact: Contact }) {
  const { verifiedAt } = code
  const state = code.state === 'unavailable' && hasEnded(contact) ? 'over' : code.state
  const look = looks[state]
  return (
    <p className={s['status']} role="status" data-testid="verify-status" data-state={state}>
      <Chip tone={look.tone} icon={<Icon of={look.icon} size="s" />}>
        {t(`verify.state.${state}`)}
      </Chip>
      <span className={text['sub']}>
        {state === 'verified'
          ? verifiedAt !== null &&
            t(`verify.verified.${contact.verifiedHow ?? 'hand'}`, { time: fullTime(verifiedAt) })
          : t(`verify.state.${state}.text`)}
      </span>
    </p>
  )
}

/** What I write waits while the code is not compared. */
function Hold({ contact }: { contact: Contact }) {
  const { host, store } = useServices()
  const [error, setError] = useState<string | null>(null)
  const { contactId, holdUntilVerified } = contact
  const set = async (hold: boolean): Promise<void> => {
    setError(null)
    try {
      store.putContact(await host.call('contact.update', { contactId, holdUntilVerified: hold }))
    } catch {
      setError(t('error.INTERNAL'))
    }
  }
  return (
    <div className={s['hold']}>
      <Switch
        label={t('verify.hold')}
        help={t('verify.hold.help')}
        checked={holdUntilVerified}
        onChecked={(hold) => void set(hold)}
        testId="verify-hold"
      />
      {error !== null && (
        <Banner tone="bad" role="alert">
          {error}
        </Banner>
      )}
    </div>
  )
}

/** Escape goes back to the chat; never from under a dialog. */
function useEscape(close: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      if (document.querySelector('[role="dialog"],[role="alertdialog"]')) return
      event.preventDefault()
      close()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
}
