import { useCallback, useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { useServices } from '../../state/index.ts'
import type { Timeline } from '../../state/index.ts'
import { carried, linksInPictures, useDrop } from '../scan/index.ts'
import type { Carried } from '../scan/index.ts'

/** What became of something that was dropped or pasted and is no text of a message. */
export type Answer =
  /** `links`: what the codes in the pictures say; null while they are read. */
  | { tag: 'files'; count: number; links: readonly string[] | null }
  /** Text, where nothing can be written. */
  | { tag: 'blocked' }

export interface Offered {
  /** Something hovers. */
  over: boolean
  answer: Answer | null
  dismiss(): void
  /** Goes to the check of what the codes say. */
  look(): void
}

/** Things that are let go over a chat, or pasted there: text goes into the message, pictures and files get an answer. */
export function useOffered(
  pane: RefObject<HTMLElement | null>,
  timeline: Timeline,
  mayWrite: boolean,
): Offered {
  const services = useServices()
  const [answer, setAnswer] = useState<Answer | null>(null)
  const reading = useRef<AbortController | null>(null)
  useEffect(() => () => reading.current?.abort(), [])

  const take = useCallback(
    ({ files, text }: Carried): void => {
      // the place of a file on this computer is no text that one means to send
      const count = Math.max(files.length, /^file:/i.test(text) ? 1 : 0)
      if (count > 0) {
        reading.current?.abort()
        const turn = new AbortController()
        reading.current = turn
        setAnswer({ tag: 'files', count, links: null })
        void linksInPictures(services, files, turn.signal).then((links) => {
          if (turn === reading.current) setAnswer({ tag: 'files', count, links: links ?? [] })
        })
      } else if (text !== '' && !mayWrite) setAnswer({ tag: 'blocked' })
      else if (text !== '') {
        setAnswer(null)
        timeline.setDraft(withText(timeline.state.draft, text))
        pane.current?.querySelector('textarea')?.focus()
      }
    },
    [services, timeline, mayWrite, pane],
  )
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const { target } = event
      if (services.router.overlay !== null || event.defaultPrevented) return
      if (target instanceof Element && target.closest('[role="dialog"], [role="alertdialog"]')) return
      const what = carried(event.clipboardData)
      // what comes from a table or a page is text, with a picture of it
      if (what.files.length === 0 || what.text !== '') return
      event.preventDefault()
      take(what)
    }
    // before whoever takes what is pasted anywhere
    document.addEventListener('paste', onPaste, true)
    return () => document.removeEventListener('paste', onPaste, true)
  }, [services, take])
  const over = useDrop(pane, take)

  return {
    over,
    answer,
    dismiss: () => {
      reading.current?.abort()
      reading.current = null
      setAnswer(null)
    },
    look: () => {
      if (answer?.tag !== 'files' || answer.links === null) return
      setAnswer(null)
      const [first, second] = answer.links
      if (first !== undefined && second === undefined) services.router.connect(first)
      else void services.search.setText(answer.links.join('\n'), true)
    },
  }
}

/** Behind what is written, in words of its own. */
function withText(draft: string, text: string): string {
  return draft === '' || /\s$/.test(draft) ? draft + text : `${draft} ${text}`
}
