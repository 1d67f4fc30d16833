import { useEffect, useMemo, useRef, useState } from 'react'
import { Plus } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { ownSeed, useRouter, useStore } from '../../state/index.ts'
import { Avatar, Button, Icon, Name, cx } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { AddressEmpty } from './AddressEmpty.tsx'
import { AddressView } from './AddressView.tsx'
import { CreateDialog } from './CreateDialog.tsx'
import s from './AddressPanel.module.css'

/** Your address: none yet, one, or several with private labels (flows 6). */
export function AddressPanel() {
  const router = useRouter()
  const me = useStore((all) => all.profile)
  const seed = useStore((all) => ownSeed(all.profiles))
  const addresses = useStore((all) => all.addresses)
  const list = useMemo(
    () =>
      [...addresses.values()].sort(
        (a, b) => Number(b.isDefault) - Number(a.isDefault) || (a.createdAt < b.createdAt ? -1 : 1),
      ),
    [addresses],
  )
  const [adding, setAdding] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const none = list.length === 0
  const before = useRef(none)
  useEffect(() => {
    // the first one was made, or the last one deleted: what was pressed is gone
    if (before.current === none) return
    before.current = none
    const timer = setTimeout(() => {
      if (document.activeElement === document.body) heading.current?.focus()
    })
    return () => clearTimeout(timer)
  }, [none])
  const shown = list.find((one) => one.addressId === router.state.addressId) ?? list[0]
  if (!shown) return <AddressEmpty heading={heading} />
  return (
    <div className={s['panel']} data-testid="addr-main" data-state={shown.state}>
      <header className={s['head']}>
        <h1 className={text['head']} tabIndex={-1} ref={heading}>
          {t('address.title')}
        </h1>
        {me && (
          <span className={s['me']}>
            <Avatar seed={seed} name={me.displayName} image={me.image} size={20} />
            <Name cut>{me.displayName}</Name>
          </span>
        )}
      </header>
      <nav className={s['picker']} aria-label={t('address.all')}>
        {list.length > 1 &&
          list.map((one) => (
            <button
              key={one.addressId}
              type="button"
              className={cx(s['pick'], one === shown && s['picked'])}
              aria-current={one === shown}
              onClick={() => router.openAddress(one.addressId)}
            >
              <Name cut>{one.label ?? t('address.default')}</Name>
              {one.requests.waiting > 0 && <span className={s['count']}>{one.requests.waiting}</span>}
            </button>
          ))}
        <Button
          tone="quiet"
          size="s"
          {...(list.length === 1 && ({ flush: 'start' } as const))}
          icon={<Icon of={Plus} size="m" />}
          data-testid="addr-add"
          onClick={() => setAdding(true)}
        >
          {t('address.another')}
        </Button>
      </nav>
      <AddressView key={shown.addressId} address={shown} />
      {adding && <CreateDialog labelled onClose={() => setAdding(false)} />}
    </div>
  )
}
