import { useRef, useState } from 'react'
import type { CSSProperties, KeyboardEvent, PointerEvent } from 'react'
import { t } from '../i18n/index.ts'
import { useHost } from '../state/index.ts'
import s from './Divider.module.css'

/** design 6: what the list may be dragged to in a window of 1,000 px and more. */
const LEAST = 260
const MOST = 420
const STEP = 16 // ours: one press of an arrow key
const KEY = 'list-width'

/** The width of the list that this window remembers; `null` is the usual one of the window's size. */
export function useListWidth(): [number | null, (width: number | null) => void] {
  const host = useHost()
  const [width, setWidth] = useState(() => readWidth(host.recall(KEY)))
  return [
    width,
    (next) => {
      setWidth(next)
      host.remember(KEY, next === null ? '' : String(next))
    },
  ]
}

/** What the style sheet reads; without it the usual width holds. */
export function listWidthStyle(width: number | null): CSSProperties {
  return width === null ? {} : { ['--list-dragged' as string]: `${String(width)}px` }
}

/** Between list and conversation: dragged, moved by arrow keys, put back by a double click. */
export function Divider({
  width,
  onWidth,
}: {
  width: number | null
  onWidth: (width: number | null) => void
}) {
  const line = useRef<HTMLDivElement>(null)
  /** Where the list begins and in which direction it grows. */
  const origin = useRef<{ start: number; sign: 1 | -1 } | null>(null)

  const now = (): number => {
    const list = line.current?.previousElementSibling
    return width ?? Math.round(list?.getBoundingClientRect().width ?? LEAST)
  }
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return
    const list = event.currentTarget.previousElementSibling
    if (!list) return
    const { left, right } = list.getBoundingClientRect()
    const mirrored = getComputedStyle(list).direction === 'rtl'
    origin.current = mirrored ? { start: right, sign: -1 } : { start: left, sign: 1 }
    event.currentTarget.setPointerCapture(event.pointerId)
    event.preventDefault()
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (origin.current) onWidth(within((event.clientX - origin.current.start) * origin.current.sign))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const mirrored = getComputedStyle(event.currentTarget).direction === 'rtl'
    const grow = mirrored ? 'ArrowLeft' : 'ArrowRight'
    const shrink = mirrored ? 'ArrowRight' : 'ArrowLeft'
    if (event.key === grow) onWidth(within(now() + STEP))
    else if (event.key === shrink) onWidth(within(now() - STEP))
    else if (event.key === 'Home') onWidth(LEAST)
    else if (event.key === 'End') onWidth(MOST)
    else return
    event.preventDefault()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex -- ARIA: a separator that can be moved is a control
    <div
      ref={line}
      role="separator"
      aria-orientation="vertical"
      aria-label={t('app.divider')}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={width ?? 328}
      tabIndex={0}
      data-testid="divider"
      className={s['divider']}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (origin.current = null)}
      onPointerCancel={() => (origin.current = null)}
      onDoubleClick={() => onWidth(null)}
      onKeyDown={onKeyDown}
    />
  )
}

function within(width: number): number {
  return Math.round(Math.min(MOST, Math.max(LEAST, width)))
}

function readWidth(text: string | null): number | null {
  const width = Number(text)
  return text === null || text === '' || !Number.isFinite(width) ? null : within(width)
}
