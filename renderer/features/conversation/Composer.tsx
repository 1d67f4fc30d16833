import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { ArrowUp } from 'lucide-react'
import type { ContractError } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { useRouter, useViewModel } from '../../state/index.ts'
import type { Timeline } from '../../state/index.ts'
import { Banner, Icon, IconButton, cx } from '../../ui/index.ts'
import s from './Composer.module.css'

interface ComposerProps {
  timeline: Timeline
  name: string
  error: ContractError | null
  /** The random name under which I write here. */
  incognito?: string | null
}

/** Enter sends, Shift+Enter breaks the line; it grows to eight lines. */
export function Composer({ timeline, name, error, incognito = null }: ComposerProps) {
  const { draft } = useViewModel(timeline)
  const { focusPane } = useRouter().state
  const field = useRef<HTMLTextAreaElement>(null)
  const seen = useRef(0)

  // the person opened this chat, or the pane that held the focus gave way to it (PEN-3)
  useEffect(() => {
    const asked = focusPane !== seen.current
    seen.current = focusPane
    if (asked || document.activeElement === document.body) field.current?.focus()
  }, [focusPane])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    void timeline.send()
  }
  return (
    <form
      className={s['composer']}
      onSubmit={(event) => {
        event.preventDefault()
        void timeline.send()
        field.current?.focus()
      }}
    >
      {error && (
        <Banner tone="bad" role="alert" title={t('conversation.error.title')}>
          {errorText(error)}
        </Banner>
      )}
      <div className={cx(s['box'], incognito !== null && s['incognito'])}>
        <textarea
          ref={field}
          className={s['field']}
          rows={1}
          value={draft}
          dir="auto"
          placeholder={
            incognito === null
              ? t('conversation.placeholder', { name })
              : t('conversation.placeholder.incognito', { name: incognito })
          }
          aria-label={t('conversation.message')}
          data-testid="composer"
          data-focus-home
          onChange={(event) => timeline.setDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <IconButton
          type="submit"
          label={t('conversation.send')}
          data-testid="send"
          disabled={draft.trim() === ''}
          className={s['send']}
        >
          <Icon of={ArrowUp} />
        </IconButton>
      </div>
    </form>
  )
}
