import { useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { KeyboardEvent, Ref } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { t } from '../../i18n/index.ts'
import { ContextMenu } from '../../ui/index.ts'
import type { MenuItem } from '../../ui/index.ts'
import type { Row } from '../../state/index.ts'
import { ChatRow } from './ChatRow.tsx'
import { useNow } from '../../state/use-now.ts'
import s from './ChatList.module.css'

export interface ChatListHandle {
  focus(): void
}

interface ChatListProps {
  rows: readonly Row[]
  openRowId: string | null
  onOpen: (rowId: string) => void
  menuOf: (row: Row) => readonly MenuItem[]
  ref: Ref<ChatListHandle>
}

/** The row that was focused last, and where it stood then. */
interface Held {
  rowId: string
  at: number
}

const ROW = 62 // design: --row at text size 100 %; the real height is measured

/** A list box with roving focus: one stop for Tab, arrows, Home and End inside, Enter opens. Only rows near the view exist. */
export function ChatList({ rows, openRowId, onOpen, menuOf, ref }: ChatListProps) {
  const now = useNow()
  const box = useRef<HTMLDivElement>(null)
  const elements = useRef(new Map<string, HTMLDivElement>())
  const [current, setCurrent] = useState<Held | null>(null)
  const [wanted, setWanted] = useState<string | null>(null)
  const at = placeOf(rows, current, openRowId)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.rowId ?? index,
    overscan: 12,
  })

  const items = virtual.getVirtualItems()
  const focusAt = (index: number): void => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))]
    if (!row) return
    virtual.scrollToIndex(rows.indexOf(row))
    setCurrent({ rowId: row.rowId, at: rows.indexOf(row) })
    setWanted(row.rowId)
  }
  // a row far away exists only after the list has scrolled to it
  useEffect(() => {
    if (wanted === null) return
    const element = elements.current.get(wanted)
    if (!element) return
    element.focus({ preventScroll: true })
    setWanted(null)
  }, [wanted, items])
  useImperativeHandle(ref, () => ({ focus: () => focusAt(at) }))

  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[at]
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const next = nextOf(event.key, at, rows.length - 1)
    if (next !== null) focusAt(next)
    else if ((event.key === 'Enter' || event.key === ' ') && row) onOpen(row.rowId)
    else return
    event.preventDefault()
  }
  return (
    <ContextMenu
      ref={box}
      className={s['box']}
      itemsAt={(target) => itemsAt(target, rows, menuOf)}
      testId="row-menu"
    >
      <div
        role="listbox"
        aria-label={t('app.chats')}
        data-testid="chat-list"
        className={s['list']}
        style={{ blockSize: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return (
            <div
              key={row.rowId}
              role="presentation"
              ref={virtual.measureElement}
              data-index={item.index}
              className={s['place']}
              style={{ transform: `translateY(${String(item.start)}px)` }}
            >
              <Heading row={row} />
              <ChatRow
                ref={(element) =>
                  void (element
                    ? elements.current.set(row.rowId, element)
                    : elements.current.delete(row.rowId))
                }
                row={row}
                now={now}
                open={isOpen(row, openRowId)}
                tabbable={item.index === at}
                position={item.index + 1}
                total={rows.length}
                onOpen={() => onOpen(row.rowId)}
                onFocus={() => setCurrent({ rowId: row.rowId, at: item.index })}
              />
            </div>
          )
        })}
      </div>
    </ContextMenu>
  )
}

/** Of the row that Tab reaches: the last focused one, else the open one, else what stands where the last focused one stood. */
function placeOf(rows: readonly Row[], held: Held | null, openRowId: string | null): number {
  const places = [held?.rowId, openRowId].map((id) => rows.findIndex((row) => row.rowId === id))
  return places.find((place) => place >= 0) ?? Math.max(0, Math.min(held?.at ?? 0, rows.length - 1))
}

/** Who asks may be open behind the row that folds them. */
function isOpen(row: Row, openRowId: string | null): boolean {
  if (row.kind === 'requests') return row.requests.some((one) => one.rowId === openRowId)
  return row.rowId === openRowId
}

/** Above the first of the messages that were found. */
function Heading({ row }: { row: Row }) {
  if (row.kind !== 'hit' || !row.first) return null
  return (
    <p className={s['heading']} aria-hidden="true">
      {t('chats.hits')}
    </p>
  )
}

/** Where a key leads from a row; null for other keys. */
function nextOf(key: string, at: number, last: number): number | null {
  if (key === 'ArrowDown') return at + 1
  if (key === 'ArrowUp') return at - 1
  if (key === 'Home') return 0
  return key === 'End' ? last : null
}

function itemsAt(
  target: Element,
  rows: readonly Row[],
  menuOf: (row: Row) => readonly MenuItem[],
): readonly MenuItem[] {
  const rowId = target.closest('[data-row-id]')?.getAttribute('data-row-id')
  const row = rows.find((one) => one.rowId === rowId)
  return row ? menuOf(row) : []
}
