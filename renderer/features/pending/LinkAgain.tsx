import { useState } from 'react'
import { Copy } from 'lucide-react'
import type { Connection } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import { Button, Icon, LinkBox, QrCode, QrFull } from '../../ui/index.ts'
import { ImageMenu, ShareMenu, type Said } from '../hand-over/index.ts'
import s from './LinkAgain.module.css'

/** The link and code of the card once more, and every way to hand them over that the card has. */
export function LinkAgain({ connection, link }: { connection: Connection; link: string }) {
  const { host, store, toasts } = useServices()
  const [enlarged, setEnlarged] = useState(false)
  const { connectionId, incognitoProfile } = connection
  const shared = async (): Promise<void> => {
    try {
      store.putConnection(await host.call('connection.markShared', { connectionId }))
    } catch {
      // handed over it is; the row says so after the next start
    }
  }
  const say = ({ text, good }: Said): void => void toasts.show({ text, mark: good ? 'check' : 'problem' })
  const copy = async (): Promise<void> => {
    try {
      await host.copyText(link)
      say({ text: t('pending.copied'), good: true })
      await shared()
    } catch {
      say({ text: t('pending.copy.failed'), good: false })
    }
  }
  return (
    <>
      <div className={s['code']}>
        <QrCode text={link} label={t('pending.qr')} testId="pending-qr" />
        <button
          type="button"
          className={s['press']}
          aria-label={t('pending.enlarge')}
          onClick={() => {
            setEnlarged(true)
            void shared()
          }}
        />
      </div>
      <LinkBox link={link} label={t('pending.link')} testId="pending-link" />
      <div className={s['ways']}>
        <Button
          tone="primary"
          className={s['copy']}
          icon={<Icon of={Copy} size="m" />}
          data-testid="pending-copy"
          onClick={() => void copy()}
        >
          {t('pending.copy')}
        </Button>
        <ShareMenu link={link} reach={connection.reach} onSaid={say} onShared={() => void shared()} />
        <ImageMenu
          link={link}
          random={incognitoProfile?.displayName ?? null}
          onSaid={say}
          onShared={() => void shared()}
        />
      </div>
      <QrFull
        open={enlarged}
        code={link}
        label={t('pending.qr')}
        title={t('pending.enlarged')}
        onClose={() => setEnlarged(false)}
      >
        {t('pending.enlarged.text')}
      </QrFull>
    </>
  )
}
