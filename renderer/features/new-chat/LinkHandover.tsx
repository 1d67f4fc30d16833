import { useEffect, useState } from 'react'
import { Check, Copy, Maximize2 } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { Button, Details, Hidden, Icon, IconButton, LinkBox, QrCode, QrFull } from '../../ui/index.ts'
import { ImageMenu, ShareMenu, type Said } from '../hand-over/index.ts'
import { INCOGNITO } from '../identity/index.ts'
import type { InvitationModel, InvitationState } from './invitation-model.ts'
import s from './LinkHandover.module.css'

const COPIED_MS = 2_000 // ours: long enough to be read, short enough to be ready for a second copy

export interface LinkHandoverProps {
  model: InvitationModel
  link: string
  state: InvitationState
}

/** The link in its three forms: code, text, clipboard. */
export function LinkHandover({ model, link, state }: LinkHandoverProps) {
  const [enlarged, setEnlarged] = useState(false)
  const [said, setSaid] = useState<Said | null>(null)
  useEffect(() => {
    if (said === null) return
    const timer = setTimeout(() => setSaid(null), COPIED_MS)
    return () => clearTimeout(timer)
  }, [said])

  const shared = (): void => void model.markShared()
  const enlarge = (): void => {
    setEnlarged(true)
    shared()
  }
  const copy = (): void =>
    void model.copy().then(
      () => setSaid({ text: t('newChat.copied'), good: true }),
      () => setSaid({ text: t('newChat.copyFailed'), good: false }),
    )
  const copied = said?.good === true
  const { chosen, incognito } = state.appearing
  const random = chosen === INCOGNITO ? (incognito?.profile.displayName ?? null) : null
  return (
    <div className={s['half']}>
      <div className={s['top']}>
        <IconButton label={t('newChat.enlarge')} size="s" className={s['enlarge']} onClick={enlarge}>
          <Icon of={Maximize2} size="m" />
        </IconButton>
        <p className={s['caption']}>{t('newChat.half.theirs')}</p>
      </div>
      <div className={s['code']}>
        <QrCode text={link} label={t('newChat.qr')} testId="invite-qr" />
        {/* a second, larger way for a pointer; the button above is the one for keyboard and assistive technology */}
        <button type="button" aria-hidden="true" tabIndex={-1} className={s['press']} onClick={enlarge} />
      </div>
      <LinkBox link={link} label={t('newChat.link')} testId="invite-link" />
      <div className={s['ways']}>
        <Button
          tone="primary"
          className={s['copy']}
          icon={<Icon of={copied ? Check : Copy} size="m" />}
          onClick={copy}
        >
          {copied ? t('newChat.copied') : t('newChat.copyLink')}
        </Button>
        <ShareMenu link={link} reach={state.reach} onSaid={setSaid} onShared={shared} />
        <ImageMenu link={link} random={random} onSaid={setSaid} onShared={shared} />
      </div>
      {state.fullLink !== null && state.fullLink !== link && (
        <Details
          label={t('newChat.details')}
          rows={[
            {
              term: t('newChat.fullLink'),
              value: (
                <LinkBox link={state.fullLink} label={t('newChat.fullLink')} testId="invite-full-link" />
              ),
            },
          ]}
        />
      )}
      {said?.good === false && <p className={s['failed']}>{said.text}</p>}
      <div role="status" data-testid="invite-said">
        {said && <Hidden key={state.copies}>{said.text}</Hidden>}
      </div>
      <QrFull
        open={enlarged}
        code={link}
        // held up to others: whom it is for stands on my half alone
        label={t('newChat.enlarged')}
        title={t('newChat.enlarged')}
        onClose={() => setEnlarged(false)}
      >
        {t('newChat.enlarged.text')}
      </QrFull>
    </div>
  )
}
