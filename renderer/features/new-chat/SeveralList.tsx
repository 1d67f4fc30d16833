import { useEffect, useRef, useState } from 'react'
import { Check, Copy } from 'lucide-react'
import { pendingState, t } from '../../i18n/index.ts'
import { tallyState, useStore } from '../../state/index.ts'
import { Button, Hidden, Icon, Name, Phrase, Tally } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { ReachNote } from '../hand-over/index.ts'
import type { OneOfSeveral, SeveralModel } from './several-model.ts'
import s from './SeveralList.module.css'

const COPIED_MS = 2_000 // ours: long enough to be read, short enough to be ready for the next

export interface SeveralListProps {
  model: SeveralModel
  links: readonly OneOfSeveral[]
}

/** The links that were made together, each for itself: what became of it, and a copy of it while it works. */
export function SeveralList({ model, links }: SeveralListProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [copied, setCopied] = useState<{ id: string; good: boolean } | null>(null)
  useEffect(() => heading.current?.focus(), [])
  useEffect(() => {
    if (copied === null) return
    const timer = setTimeout(() => setCopied(null), COPIED_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = (one: OneOfSeveral): void =>
    void model.copy(one).then(
      () => setCopied({ id: one.connectionId, good: true }),
      () => setCopied({ id: one.connectionId, good: false }),
    )
  return (
    <div className={s['made']} data-testid="several-made">
      <div>
        <h2 className={text['title']} ref={heading} tabIndex={-1}>
          {t('newChat.several.done', { count: links.length })}
        </h2>
        <p className={text['sub']}>{t('newChat.several.done.text')}</p>
      </div>
      <Limits links={links} />
      <ul className={s['list']} aria-label={t('newChat.several.list')}>
        {links.map((one) => (
          <Link
            key={one.connectionId}
            one={one}
            copied={copied?.good === true && copied.id === one.connectionId}
            onCopy={() => copy(one)}
          />
        ))}
      </ul>
      <div role="status">
        {copied && (
          <Hidden key={copied.id}>{t(copied.good ? 'newChat.copied' : 'newChat.copyFailed')}</Hidden>
        )}
      </div>
      {copied?.good === false && <p className={s['failed']}>{t('newChat.copyFailed')}</p>}
    </div>
  )
}

/** Once for all of them: they were made at relays of one choice. */
function Limits({ links }: { links: readonly OneOfSeveral[] }) {
  const rows = links.flatMap(({ row }) => (row?.link != null && row.status === 'waiting' ? [row] : []))
  const limited = rows.find((row) => row.stale !== null) ?? rows.find((row) => row.reach !== 'internet')
  return limited ? <ReachNote reach={limited.reach} stale={limited.stale} /> : null
}

function Link({ one, copied, onCopy }: { one: OneOfSeveral; copied: boolean; onCopy: () => void }) {
  const { name, row } = one
  return (
    <li className={s['link']} data-testid="several-link" data-state={row?.phase ?? 'deleted'}>
      <Tally state={row ? tallyState(row) : 'expired'} size={22} />
      <div className={s['words']}>
        <Name cut className={text['strong']}>
          {name}
        </Name>
        <State one={one} />
      </div>
      {row?.link != null && row.status === 'waiting' && (
        <Button
          size="s"
          icon={<Icon of={copied ? Check : Copy} size="m" />}
          aria-label={t('newChat.several.copy', { name })}
          onClick={onCopy}
        >
          {t(copied ? 'newChat.copied' : 'newChat.copyLink')}
        </Button>
      )}
    </li>
  )
}

function State({ one: { row } }: { one: OneOfSeveral }) {
  const contact = useStore((all) => (row?.contactId == null ? undefined : all.contacts.get(row.contactId)))
  if (row === null) return <span className={s['state']}>{t('newChat.deleted.title')}</span>
  return (
    <span className={s['state']}>
      {contact && row.status === 'connected' ? (
        <Phrase id="newChat.several.connected" name={contact.profile.displayName} />
      ) : (
        pendingState(row)
      )}
    </span>
  )
}
