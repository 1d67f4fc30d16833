import { useEffect, useState } from 'react'
import {
  Check,
  Circle,
  CirclePause,
  CircleStop,
  Copy,
  Download,
  Image,
  Mail,
  MessageSquareText,
  Pencil,
  Share,
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Address, AddressState, Reach } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { useRouter, useServices } from '../../state/index.ts'
import type { ChipTone } from '../../ui/Chip.tsx'
import {
  Button,
  Chip,
  Icon,
  IconButton,
  LinkBox,
  Menu,
  Name,
  QrCode,
  QrFull,
  TextLink,
} from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { messageWith } from '../hand-over/index.ts'
import { WhichOne } from './Comparison.tsx'
import s from './AddressCard.module.css'

const SAID_MS = 2_000 // ours: long enough to be read, short enough to be ready for a second copy

const looks: Record<AddressState, { tone: ChipTone; icon: LucideIcon }> = {
  active: { tone: 'good', icon: Circle },
  paused: { tone: 'them', icon: CirclePause },
  stopped: { tone: 'them', icon: CircleStop },
  replacing: { tone: 'them', icon: Circle },
  failed: { tone: 'bad', icon: CircleStop },
}

/** What others get: the code, the link, the ways to hand it out; and how many came. It needs no network. */
export function AddressCard({ address, onLabel }: { address: Address; onLabel: () => void }) {
  const router = useRouter()
  const { state, requests, label, link } = address
  const look = looks[state]
  return (
    <section className={s['card']} aria-label={label ?? t('address.default')}>
      <Code link={link} />
      <div className={s['words']}>
        <div className={s['title']}>
          <h2 className={text['title']}>
            <Name cut>{label ?? t('address.default')}</Name>
          </h2>
          <IconButton label={t('address.label.edit')} size="s" onClick={onLabel}>
            <Icon of={Pencil} size="m" />
          </IconButton>
          <span className={s['state']} data-testid="addr-state" data-state={state}>
            <Chip tone={look.tone} icon={<Icon of={look.icon} size="s" />}>
              {t(`address.state.${state}`)}
            </Chip>
          </span>
        </div>
        <p className={text['sub']}>{t('address.what')}</p>
        <LinkBox link={link} label={t('address.link')} testId="addr-link" />
        <Ways link={link} reach={address.reach} />
        <p className={s['counts']}>
          <span data-testid="addr-requests" data-count={requests.waiting}>
            {requests.waiting > 0 ? (
              <TextLink onPress={() => router.openRequests()}>
                {t('address.waiting', { count: requests.waiting })}
              </TextLink>
            ) : (
              t('address.waiting', { count: 0 })
            )}
          </span>
          <span className={text['small']}>
            {t('address.came', { accepted: requests.accepted, rejected: requests.rejected })}
            {requests.dropped > 0 && ` ${t('address.dropped', { count: requests.dropped })}`}
          </span>
        </p>
        <WhichOne />
      </div>
    </section>
  )
}

/** The whole code is one button: pressed, it covers the window. */
function Code({ link }: { link: string }) {
  const [enlarged, setEnlarged] = useState(false)
  return (
    <div className={s['code']}>
      <QrCode text={link} label={t('address.qr')} testId="addr-qr" />
      <button
        type="button"
        className={s['press']}
        aria-label={t('address.enlarge')}
        data-testid="addr-enlarge"
        onClick={() => setEnlarged(true)}
      />
      <QrFull
        open={enlarged}
        code={link}
        label={t('address.qr')}
        title={t('address.enlarged')}
        onClose={() => setEnlarged(false)}
      >
        {t('address.enlarged.text')}
      </QrFull>
    </div>
  )
}

function Ways({ link, reach }: { link: string; reach: Reach }) {
  const { host, toasts } = useServices()
  const [said, setSaid] = useState<{ text: string; good: boolean } | null>(null)
  useEffect(() => {
    if (said === null) return
    const timer = setTimeout(() => setSaid(null), SAID_MS)
    return () => clearTimeout(timer)
  }, [said])
  const body = messageWith('address', link, reach)
  const copy = (what: string, done: string): void =>
    void host.copyText(what).then(
      () => setSaid({ text: done, good: true }),
      () => setSaid({ text: t('address.copyFailed'), good: false }),
    )
  const draft = async (): Promise<void> => {
    const subject = t('address.share.subject')
    if (!(await host.mailDraft({ subject, body }).catch(() => false)))
      setSaid({ text: t('address.share.noMail'), good: false })
  }
  const picture = async (way: 'save' | 'copy'): Promise<void> => {
    try {
      const { dataUri } = await host.call('link.image', { link, style: 'card', format: 'png' })
      if (way === 'copy') await host.copyPicture(dataUri)
      else if (!(await host.saveFile(t('address.image.name'), dataUri))) return
      toasts.show({ text: t(`address.image.${way}`), mark: 'check' })
    } catch {
      setSaid({ text: t(`address.image.${way}.failed`), good: false })
    }
  }
  return (
    <>
      <div className={s['ways']}>
        <div className={s['pair']}>
          <Button
            tone="primary"
            icon={<Icon of={said?.good === true ? Check : Copy} size="m" />}
            data-testid="addr-copy"
            onClick={() => copy(link, t('address.copied'))}
          >
            {said?.good === true ? said.text : t('address.copy')}
          </Button>
          <Menu
            trigger={<Button icon={<Icon of={Share} size="m" />}>{t('address.shareWays')}</Button>}
            items={[
              {
                id: 'copy',
                label: t('address.share.copy'),
                icon: <Icon of={MessageSquareText} size="m" />,
                onPress: () => copy(body, t('address.share.copied')),
              },
              {
                id: 'mail',
                label: t('address.share.mail'),
                icon: <Icon of={Mail} size="m" />,
                onPress: () => void draft(),
              },
            ]}
          />
        </div>
        <div className={s['pair']}>
          <Button
            icon={<Icon of={Download} size="m" />}
            data-testid="addr-save-image"
            onClick={() => void picture('save')}
          >
            {t('address.saveImage')}
          </Button>
          <Button
            icon={<Icon of={Image} size="m" />}
            data-testid="addr-copy-image"
            onClick={() => void picture('copy')}
          >
            {t('address.copyImage')}
          </Button>
        </div>
      </div>
      {said?.good === false && <p className={s['failed']}>{said.text}</p>}
      <div role="status" data-testid="addr-said" className={text['hidden']}>
        {said?.text}
      </div>
    </>
  )
}
