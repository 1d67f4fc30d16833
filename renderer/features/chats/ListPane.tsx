import { useDeferredValue, useEffect, useEffectEvent, useMemo, useRef } from 'react'
import type { RefObject } from 'react'
import { ListFilter, Signpost, Ticket } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import {
  filterRows,
  foldRequests,
  hitRows,
  listRows,
  unreadRows,
  useRouter,
  useServices,
  useStore,
  useViewModel,
} from '../../state/index.ts'
import type { LinkFound, Row, SearchState } from '../../state/index.ts'
import { Button, Icon, IconButton, LinkWords, cx } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { RequestList } from '../requests/index.ts'
import { ChatList } from './ChatList.tsx'
import type { ChatListHandle } from './ChatList.tsx'
import { DropToConnect } from '../scan/index.ts'
import { NetStatus } from './NetStatus.tsx'
import { rowMenu } from './row-menu.tsx'
import type { RowAsk } from './row-menu.tsx'
import { SearchField } from './SearchField.tsx'
import s from './ListPane.module.css'

/** A key that is pressed goes first: of a flood the list shows what is newest when there is time (REQ-7). */
function useRows(): readonly Row[] {
  const connections = useStore((store) => store.connections)
  const contacts = useStore((store) => store.contacts)
  const requests = useStore((store) => store.requests)
  const rows = useMemo(() => listRows(connections, contacts, requests), [connections, contacts, requests])
  return useDeferredValue(rows)
}

/** Everything that exists: search, rows, and the strip when something is wrong with the network. */
export function ListPane({ onAsk }: { onAsk: (ask: RowAsk) => void }) {
  const services = useServices()
  const { search } = services
  const router = useRouter()
  const state = useViewModel(search)
  const contacts = useStore((store) => store.contacts)
  const all = useRows()
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<ChatListHandle>(null)
  const openRowId = router.route.name === 'chats' ? router.route.rowId : null
  const rows = useMemo(() => {
    const shown = shownRows(all, state, openRowId)
    return state.mode === 'filter' ? [...shown, ...hitRows(state.hits, contacts)] : shown
  }, [all, state, openRowId, contacts])
  const open = (rowId: string): void => {
    const row = rows.find((one) => one.rowId === rowId)
    if (row?.kind === 'hit') router.openMessage(row.contact.rowId, row.found.message.messageId)
    else router.openRow(rowId)
  }
  const leaveSearch = (): void => {
    if (list.current) return list.current.focus()
    // nothing is in the list: to the first thing beside it
    document.querySelector<HTMLElement>('#main button')?.focus()
  }
  useReturn(openRowId, list)
  useLastRequestGone(list)
  if (router.state.requests) return <RequestList />
  return (
    <div className={s['pane']}>
      <div className={s['head']}>
        <SearchField field={field} onLeaveDown={leaveSearch} />
        <IconButton
          label={t('chats.unreadOnly')}
          aria-pressed={state.unreadOnly}
          data-testid="filter-unread"
          className={cx(state.unreadOnly && s['filtered'])}
          onClick={() => search.showUnreadOnly(!state.unreadOnly)}
        >
          <Icon of={ListFilter} />
        </IconButton>
      </div>
      {state.mode === 'choose' && <ChooseLink links={state.links} onPick={(link) => search.pick(link)} />}
      {state.mode !== 'choose' && rows.length > 0 && (
        <ChatList
          ref={list}
          rows={rows}
          openRowId={openRowId}
          onOpen={open}
          menuOf={(row) => rowMenu(services, row, onAsk)}
        />
      )}
      {rows.length === 0 && all.length > 0 && state.unreadOnly && state.text === '' && (
        <div className={s['note']} role="status">
          <p>{t('chats.unreadOnly.none')}</p>
          <Button tone="quiet" size="s" flush="start" onClick={() => search.showUnreadOnly(false)}>
            {t('chats.unreadOnly.all')}
          </Button>
        </div>
      )}
      {all.length === 0 && state.mode === 'filter' && state.text === '' && (
        <p className={s['note']}>{t('chats.empty.list')}</p>
      )}
      {rows.length === 0 && state.mode === 'filter' && state.text !== '' && (
        <div className={s['note']} role="status" data-testid="search-none">
          <p>{t(state.unreadOnly ? 'chats.none.unreadOnly' : 'chats.none')}</p>
          {state.unreadOnly && (
            <Button tone="quiet" size="s" flush="start" onClick={() => search.showUnreadOnly(false)}>
              {t('chats.none.all')}
            </Button>
          )}
          <Button
            tone="quiet"
            size="s"
            flush="start"
            onClick={() => {
              search.clear()
              field.current?.focus()
            }}
          >
            {t('chats.none.clear')}
          </Button>
        </div>
      )}
      <div className={s['foot']}>
        <NetStatus />
      </div>
      <DropToConnect testId="list-drop" />
    </div>
  )
}

/** The pane that held the focus is gone (back, deleted): it returns to the list. */
function useReturn(openRowId: string | null, list: RefObject<ChatListHandle | null>): void {
  const before = useRef(openRowId)
  useEffect(() => {
    const closed = before.current !== null && openRowId === null
    before.current = openRowId
    if (!closed) return
    // whoever was asked for by name (search, a dialog's opener) takes it first
    const timer = setTimeout(() => {
      if (document.activeElement === document.body) list.current?.focus()
    })
    return () => clearTimeout(timer)
  }, [openRowId, list])
}

/** Nobody asks any more, however the last ones went: the chats come back to the place of the list of requests. */
function useLastRequestGone(list: RefObject<ChatListHandle | null>): void {
  const router = useRouter()
  const { toasts } = useServices()
  const isOver = useStore((store) => store.requests.size === 0) && router.state.requests
  const close = useEffectEvent(() => {
    router.closeRequests()
    toasts.show({ text: t('requests.none'), mark: 'check' })
    // when the chats stand there; whoever has the focus elsewhere keeps it
    setTimeout(() => {
      if (document.activeElement === document.body) list.current?.focus()
    })
  })
  useEffect(() => {
    if (isOver) close()
  }, [isOver])
}

/** Link mode shows what the link already is here, else everything. */
function shownRows(all: readonly Row[], state: SearchState, openRowId: string | null): readonly Row[] {
  if (state.mode === 'link' && state.rows) {
    const wanted = new Set(state.rows)
    const known = all.filter((row) => wanted.has(row.rowId))
    // what the link leads to may be no row, as an own address is none
    if (known.length > 0) return known
  }
  const narrowed = state.unreadOnly ? unreadRows(all, openRowId) : all
  return foldRequests(state.mode === 'filter' ? filterRows(narrowed, state.text) : narrowed)
}

function ChooseLink({ links, onPick }: { links: readonly LinkFound[]; onPick: (link: LinkFound) => void }) {
  return (
    <div className={s['choose']} role="group" aria-label={t('chats.choose')} data-testid="link-chooser">
      <p className={text['sub']}>{t('chats.choose')}</p>
      {links.map((link) => (
        <button key={link.text} type="button" className={s['link']} onClick={() => onPick(link)}>
          <Icon of={link.kind === 'invitation' ? Ticket : Signpost} />
          <span className={s['kind']}>{t(`chats.kind.${link.kind}`)}</span>
          <span className={cx(text['small'], s['words'])}>
            <LinkWords link={link.text} />
          </span>
        </button>
      ))}
    </div>
  )
}
