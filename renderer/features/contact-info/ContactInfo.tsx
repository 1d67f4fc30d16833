import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { Copy, Shield, ShieldCheck, Signpost, X } from 'lucide-react'
import type { Contact } from '#core/contract'
import { errorText, fullTime, shortName, t } from '../../i18n/index.ts'
import {
  hasEnded,
  LONGEST_PRIVATE_NAME,
  PrivateName,
  useRouter,
  useServices,
  useViewModel,
} from '../../state/index.ts'
import { Avatar, Button, Icon, IconButton, LinkBox, Phrase, TextField, VerifiedMark } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { DeleteContact } from '../conversation/index.ts'
import { SeenPlate } from './SeenPlate.tsx'
import s from './ContactInfo.module.css'

/** Beside the chat in a wide window, over it in a narrow one. */
export function ContactInfo({ contact }: { contact: Contact }) {
  const router = useRouter()
  const [deleting, setDeleting] = useState(false)
  const close = (): void => router.toggleInfo(false)
  const pane = useEscape(close)
  const own = contact.profile.displayName
  const incognito = contact.incognitoProfile !== null
  return (
    <aside className={s['info']} aria-label={t('contactInfo.title')} data-testid="contact-info" ref={pane}>
      <header className={s['bar']}>
        <h2 className={s['title']}>{t('contactInfo.title')}</h2>
        <IconButton label={t('contactInfo.close')} onClick={close}>
          <Icon of={X} />
        </IconButton>
      </header>
      <div className={s['body']}>
        <div className={s['who']}>
          <Avatar
            seed={contact.contactId}
            name={contact.name}
            image={contact.profile.image}
            size={72}
            incognito={incognito ? 'contact' : undefined}
          />
          <div className={text['title']}>
            <bdi>{shortName(contact.name)}</bdi>{' '}
            {contact.verifiedAt !== null && <VerifiedMark label={t('verify.mark')} />}
          </div>
          {contact.localName !== null && contact.localName !== own && (
            <p className={text['sub']} data-testid="info-own-name">
              <Phrase id="contactInfo.theyCall" name={shortName(own)} />
            </p>
          )}
          {contact.profile.description !== undefined && contact.profile.description !== '' && (
            <p className={s['about']} dir="auto">
              {contact.profile.description.slice(0, 500)}
            </p>
          )}
        </div>
        <SeenPlate contact={contact} />
        <Alias contact={contact} />
        <Facts contact={contact} />
        {(contact.verifiedAt !== null || !hasEnded(contact)) && <Verification contact={contact} />}
        <TheirAddress contact={contact} />
        <Button tone="quiet-danger" wide onClick={() => setDeleting(true)}>
          {t(hasEnded(contact) ? 'conversation.deleteChat' : 'contactInfo.delete')}
        </Button>
      </div>
      {deleting && <DeleteContact contact={contact} onClose={() => setDeleting(false)} />}
    </aside>
  )
}

/** Escape closes it where it lies over the chat, or while the focus is in it; never under a dialog. */
function useEscape(close: () => void): RefObject<HTMLElement | null> {
  const pane = useRef<HTMLElement>(null)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      if (document.querySelector('[role="dialog"],[role="alertdialog"]')) return
      const over = window.matchMedia('(max-width: 1179px)').matches
      if (!over && !pane.current?.contains(document.activeElement)) return
      event.preventDefault()
      close()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
  return pane
}

/** Only mine: it never leaves this computer (INF-1). */
function Alias({ contact }: { contact: Contact }) {
  const { host, store } = useServices()
  const { contactId } = contact
  const [model] = useState(
    () =>
      new PrivateName(contact.localName, async (name) => {
        store.putContact(await host.call('contact.setName', { contactId, name }))
      }),
  )
  const { value, error } = useViewModel(model)
  useEffect(() => () => void model.flush(), [model])
  return (
    <TextField
      label={t('contactInfo.alias')}
      aside={t('contactInfo.alias.note')}
      placeholder={shortName(contact.profile.displayName)}
      value={value}
      error={error && errorText(error)}
      onValue={(next) => model.setValue(next)}
      onBlur={() => void model.flush()}
      maxLength={LONGEST_PRIVATE_NAME}
      autoComplete="off"
      data-testid="info-alias"
    />
  )
}

function Facts({ contact }: { contact: Contact }) {
  const { kind, label, at } = contact.connectedVia
  return (
    <dl className={s['facts']}>
      <dt>{t(contact.status === 'connecting' ? 'contactInfo.begun' : 'contactInfo.connected')}</dt>
      <dd data-testid="info-via" data-state={kind}>
        {t(`contactInfo.via.${kind}`, { time: fullTime(at) })}
      </dd>
      {label !== null && (
        <>
          <dt>{t('contactInfo.label')}</dt>
          <dd data-testid="info-label">
            <bdi>{shortName(label)}</bdi>
          </dd>
        </>
      )}
    </dl>
  )
}

/** How far the security code was compared, and the way to it. */
function Verification({ contact }: { contact: Contact }) {
  const router = useRouter()
  const { verifiedAt, verifiedHow, codeChangedAt } = contact
  const state = codeChangedAt === null ? 'unverified' : 'changed'
  return (
    <section className={s['address']} data-testid="info-verify" aria-label={t('verify.info')}>
      <h3 className={s['label']}>{t('verify.info')}</h3>
      <p className={text['small']}>
        {verifiedAt === null
          ? t(`verify.state.${state}`)
          : t(`verify.verified.${verifiedHow ?? 'hand'}`, { time: fullTime(verifiedAt) })}
      </p>
      {!hasEnded(contact) && (
        <div className={s['ways']}>
          <Button
            size="s"
            icon={<Icon of={verifiedAt === null ? Shield : ShieldCheck} size="m" />}
            onClick={() => router.toggleVerify(true)}
          >
            {t('verify.info.open')}
          </Button>
        </div>
      )}
    </section>
  )
}

/** What they put on their profile, so that I can pass it on (ADR-6). */
function TheirAddress({ contact }: { contact: Contact }) {
  const { host, toasts } = useServices()
  const router = useRouter()
  const { address } = contact.profile
  if (address === undefined || address === '') return null
  const copy = async (): Promise<void> => {
    try {
      await host.copyText(address)
      toasts.show({ text: t('contactInfo.address.copied'), mark: 'check' })
    } catch {
      toasts.show({ text: t('contactInfo.address.copyFailed'), mark: 'problem' })
    }
  }
  return (
    <section className={s['address']} data-testid="info-address" aria-label={t('contactInfo.address')}>
      <h3 className={s['label']}>{t('contactInfo.address')}</h3>
      <LinkBox link={address} label={t('contactInfo.address')} testId="info-address-link" />
      <div className={s['ways']}>
        <Button size="s" icon={<Icon of={Copy} size="m" />} onClick={() => void copy()}>
          {t('contactInfo.address.copy')}
        </Button>
        <Button size="s" icon={<Icon of={Signpost} size="m" />} onClick={() => router.connect(address)}>
          {t('contactInfo.address.connect')}
        </Button>
      </div>
      <p className={text['small']}>{t('contactInfo.address.help')}</p>
    </section>
  )
}
