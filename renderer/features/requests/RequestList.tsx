import { useEffect, useMemo, useRef, useState } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownUp, ArrowLeft, Search, TriangleAlert } from 'lucide-react'
import type { Request } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, listTime, shortName, t } from '../../i18n/index.ts'
import { foldText, useRouter, useServices, useStore } from '../../state/index.ts'
import {
  Avatar,
  Banner,
  Button,
  Hidden,
  Icon,
  IconButton,
  Name,
  TextField,
  TextLink,
  cx,
} from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { sortRequests } from './request-model.ts'
import joined from '../../styles/joined.module.css'
import s from './RequestList.module.css'

const ROW = 62 // design: --row at text size 100 %

/** All who ask, in the place of the chat list: search, order, and one answer to many (flows 12). */
export function RequestList() {
  const router = useRouter()
  const requests = useStore((all) => all.requests)
  const flooded = useStore((all) => [...all.addresses.values()].find((one) => one.flood))
  const [oldestFirst, setOldestFirst] = useState(false)
  const [wanted, setWanted] = useState<string | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const shown = useMemo(() => {
    const search = foldText(wanted ?? '')
    const all = sortRequests(requests.values(), oldestFirst)
    return search === '' ? all : all.filter((one) => wordsOf(one).includes(search))
  }, [requests, oldestFirst, wanted])
  const choose = (id: string, on: boolean): void => {
    const next = new Set(chosen)
    if (on) next.add(id)
    else next.delete(id)
    setChosen(next)
  }
  return (
    <section className={s['pane']} aria-label={t('requests.title')} data-testid="request-list">
      <div className={s['head']}>
        <IconButton
          label={t('requests.back')}
          data-testid="requests-back"
          onClick={() => router.closeRequests()}
        >
          <Icon of={ArrowLeft} className={s['arrow']} />
        </IconButton>
        <h2 className={s['title']}>{t('requests.titleCount', { count: requests.size })}</h2>
        <IconButton
          label={t('requests.search')}
          aria-pressed={wanted !== null}
          onClick={() => setWanted(wanted === null ? '' : null)}
        >
          <Icon of={Search} />
        </IconButton>
        <IconButton
          label={t(oldestFirst ? 'requests.sort.newest' : 'requests.sort.oldest')}
          onClick={() => setOldestFirst(!oldestFirst)}
        >
          <Icon of={ArrowDownUp} />
        </IconButton>
      </div>
      {wanted !== null && <SearchRequests value={wanted} onValue={setWanted} />}
      {requests.size > 0 && <Bulk shown={shown} chosen={chosen} onChosen={setChosen} />}
      {flooded && (
        <div className={s['note']}>
          <Banner tone="them" icon={TriangleAlert} title={t('requests.flood')}>
            {t('requests.flood.text')}{' '}
            <TextLink onPress={() => router.openAddress(flooded.addressId)}>
              {t('requests.flood.look')}
            </TextLink>
          </Banner>
        </div>
      )}
      {shown.length > 0 ? (
        <Rows requests={shown} chosen={chosen} onChoose={choose} />
      ) : (
        <p className={cx(s['note'], text['sub'])} role="status">
          {t('requests.noneFound')}
        </p>
      )}
    </section>
  )
}

/** Opened by a press, so the focus goes there. */
function SearchRequests({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  return (
    <div className={s['search']}>
      <TextField
        ref={field}
        label={t('requests.search')}
        hideLabel
        placeholder={t('requests.search')}
        value={value}
        onValue={onValue}
        autoComplete="off"
      />
    </div>
  )
}

interface BulkProps {
  shown: readonly Request[]
  chosen: ReadonlySet<string>
  onChosen: (chosen: ReadonlySet<string>) => void
}

/** One answer to many: two presses for all of them (REQ-7). */
function Bulk({ shown, chosen, onChosen }: BulkProps) {
  const { host, toasts } = useServices()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const selected = shown.filter((one) => chosen.has(one.requestId))
  const all = shown.length > 0 && selected.length === shown.length
  const reject = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const requestIds = selected.map((one) => one.requestId)
      const { rejected } = await host.call('request.rejectMany', { requestIds })
      onChosen(new Set())
      toasts.show({ text: t('requests.rejectedMany', { count: rejected }), mark: 'check' })
    } catch (thrown) {
      setError(errorText(toFailure(thrown)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <div className={s['bulk']}>
        <label className={s['all']}>
          <input
            type="checkbox"
            className={s['check']}
            checked={all}
            onChange={() => onChosen(all ? new Set() : new Set(shown.map((one) => one.requestId)))}
          />
          {t('requests.all')}
        </label>
        <Button
          size="s"
          busy={busy}
          disabled={selected.length === 0}
          data-testid="requests-reject"
          onClick={() => void reject()}
        >
          {t('requests.rejectSelected')}
        </Button>
      </div>
      {error !== null && (
        <div className={s['note']}>
          <Banner tone="bad" role="alert">
            {error}
          </Banner>
        </div>
      )}
    </>
  )
}

function wordsOf({ profile, message, addressLabel }: Request): string {
  return foldText([profile.displayName, profile.fullName ?? '', message ?? '', addressLabel ?? ''].join('\n'))
}

interface RowsProps {
  requests: readonly Request[]
  chosen: ReadonlySet<string>
  onChoose: (requestId: string, on: boolean) => void
}

/** Only rows near the view exist. */
function Rows({ requests, chosen, onChoose }: RowsProps) {
  const router = useRouter()
  const box = useRef<HTMLDivElement>(null)
  const now = new Date()
  const open = router.route.name === 'chats' ? router.route.rowId : null
  const virtual = useVirtualizer({
    count: requests.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => requests[index]?.requestId ?? index,
    overscan: 12,
  })
  return (
    <div ref={box} className={s['box']}>
      <ul className={s['list']} style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const request = requests[item.index]
          if (!request) return null
          const name = shortName(request.profile.displayName)
          return (
            <li
              key={request.requestId}
              ref={virtual.measureElement}
              data-index={item.index}
              data-kind="request"
              data-state={request.state}
              aria-setsize={requests.length}
              aria-posinset={item.index + 1}
              className={cx(s['row'], request.rowId === open && [s['open'], joined['joined']].join(' '))}
              style={{ transform: `translateY(${String(item.start)}px)` }}
            >
              <label className={s['tick']}>
                <input
                  type="checkbox"
                  className={s['check']}
                  aria-label={t('requests.choose', { name })}
                  checked={chosen.has(request.requestId)}
                  onChange={(event) => onChoose(request.requestId, event.target.checked)}
                />
              </label>
              <button
                type="button"
                className={s['press']}
                aria-current={request.rowId === open}
                onClick={() => router.openRow(request.rowId, 'requests')}
              >
                <Avatar seed={request.requestId} name={name} image={request.profile.image} />
                <RowWords request={request} name={name} now={now} />
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function RowWords({ request, name, now }: { request: Request; name: string; now: Date }) {
  const first = request.message?.slice(0, 300).replace(/\s+/gu, ' ').trim() ?? ''
  return (
    <span className={s['words']}>
      <span className={s['line']}>
        <Name cut className={s['name']}>
          {name}
        </Name>
        <time className={s['time']} dateTime={request.updatedAt}>
          {listTime(request.updatedAt, now)}
        </time>
      </span>
      <span className={s['line']}>
        <span className={cx(text['cut'], s['first'])}>
          {request.addressLabel !== null && `${shortName(request.addressLabel)}${first === '' ? '' : ': '}`}
          {first === '' && request.addressLabel === null ? t('chats.row.request') : first}
        </span>
        {request.repeats > 0 && (
          <span className={s['repeats']}>
            <span aria-hidden="true">{request.repeats + 1}</span>
            <Hidden>{t('chats.row.asks', { count: request.repeats + 1 })}</Hidden>
          </span>
        )}
      </span>
    </span>
  )
}
