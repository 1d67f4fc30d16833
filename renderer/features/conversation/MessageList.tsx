import { useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode, RefObject } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import type { Message } from '#core/contract'
import { dayName, t } from '../../i18n/index.ts'
import { timelineItems, useRouter, useViewModel } from '../../state/index.ts'
import type { Timeline, TimelineItem } from '../../state/index.ts'
import { Icon, IconButton, Spinner, cx } from '../../ui/index.ts'
import { Bubble } from './Bubble.tsx'
import s from './MessageList.module.css'

interface MessageListProps {
  timeline: Timeline
  messages: readonly Message[]
  intro: ReactNode
  name: string
  /** What has failed can be sent again. */
  canSend: boolean
}

const BUBBLE = 40 // design: one line of text in a bubble; the real height is measured
const NEAR_TOP = 400 // ours: px left to the top when earlier messages are asked for

/** Newest at the foot. The list keeps to its end as long as the reader is there, and keeps its place when earlier messages come. */
export function MessageList({ timeline, messages, intro, name, canSend }: MessageListProps) {
  const { firstUnread, complete, loadingEarlier, phase } = useViewModel(timeline)
  const items = useMemo(() => timelineItems(messages, firstUnread), [messages, firstUnread])
  const box = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => BUBBLE,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 40,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: 80,
  })
  const toEnd = (): void =>
    void (items.length > 0 && virtual.scrollToIndex(items.length - 1, { align: 'end' }))
  const newest = messages.at(-1)
  const mine = newest?.direction === 'out' ? newest.messageId : null
  // what I sent is always looked at, and a chat opens at its newest message
  const follow = useEffectEvent(toEnd)
  useLayoutEffect(() => {
    if (mine !== null) follow()
  }, [mine])
  useLayoutEffect(() => {
    if (phase === 'ready') follow()
  }, [phase])

  useLowered(box, () => atEnd && toEnd())

  const shownMessage = useReveal(timeline, items, (at) => virtual.scrollToIndex(at, { align: 'center' }))

  const onScroll = (): void => {
    const element = box.current
    if (!element) return
    setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < 120)
    if (element.scrollTop < NEAR_TOP) void timeline.loadEarlier()
  }
  const showIntro = phase === 'ready' && complete
  return (
    <div className={s['frame']}>
      {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div
        ref={box}
        className={s['box']}
        role="log"
        aria-label={t('conversation.timeline')}
        data-testid="messages"
        tabIndex={0}
        onScroll={onScroll}
      >
        {/* oxlint-enable jsx-a11y/no-noninteractive-tabindex */}
        {showIntro && <div className={cx(s['intro'], items.length === 0 && s['alone'])}>{intro}</div>}
        {loadingEarlier && (
          <div className={s['earlier']}>
            <Spinner /> {t('conversation.earlier')}
          </div>
        )}
        <div className={s['list']} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((place) => {
            const item = items[place.index]
            if (!item) return null
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={place.index}
                className={cx(s['place'], item.key === shownMessage && s['asked'])}
                style={{ transform: `translateY(${String(place.start)}px)` }}
              >
                {item.type === 'day' && <h2 className={s['day']}>{dayName(item.at, new Date())}</h2>}
                {item.type === 'unread' && <div className={s['unread']}>{t('conversation.new')}</div>}
                {item.type === 'message' && (
                  <Bubble
                    message={item.message}
                    last={item.last}
                    name={name}
                    onRetry={canSend ? (id) => void timeline.retry(id) : null}
                  />
                )}
              </div>
            )
          })}
        </div>
      </div>
      {!atEnd && (
        <IconButton label={t('conversation.newest')} bordered className={s['newest']} onClick={toEnd}>
          <Icon of={ArrowDown} />
        </IconButton>
      )}
    </div>
  )
}

/** A window that becomes lower takes from the end of what it shows, and no scroll tells. */
function useLowered(box: RefObject<HTMLElement | null>, onLowered: () => void): void {
  const lowered = useEffectEvent(onLowered)
  useEffect(() => {
    const element = box.current
    if (!element) return
    let height = element.clientHeight
    const watch = new ResizeObserver(() => {
      if (element.clientHeight < height) lowered()
      height = element.clientHeight
    })
    watch.observe(element)
    return () => watch.disconnect()
  }, [box])
}

/** A message that was asked for (a hit of the search) is read back to, brought into view once, and marked. */
function useReveal(
  timeline: Timeline,
  items: readonly TimelineItem[],
  scrollTo: (at: number) => void,
): string | null {
  const { message } = useRouter().state
  const { phase } = useViewModel(timeline)
  const shown = useRef<string | null>(null)
  useEffect(() => {
    if (message !== null && phase === 'ready') void timeline.reveal(message)
  }, [message, phase, timeline])
  const at = items.findIndex((item) => item.type === 'message' && item.message.messageId === message)
  const show = useEffectEvent(() => {
    // later pages move it; the reader stays where the scroll wheel led
    if (shown.current !== message) scrollTo(at)
    shown.current = message
  })
  useEffect(() => {
    if (at >= 0) show()
  }, [at])
  return items[at]?.key ?? null
}
