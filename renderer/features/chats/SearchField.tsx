import { useEffect } from 'react'
import type { ClipboardEvent, KeyboardEvent, RefObject } from 'react'
import { QrCode, Search as SearchIcon, Signpost, Ticket } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useServices, useViewModel } from '../../state/index.ts'
import { Chip, Hidden, Icon, IconButton, cx } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import s from './SearchField.module.css'

interface SearchFieldProps {
  field: RefObject<HTMLInputElement | null>
  /** Arrow down leaves the field for the list. */
  onLeaveDown: () => void
}

/** Filters by typing; a pasted link turns it into link mode and opens the check of that link. */
export function SearchField({ field, onLeaveDown }: SearchFieldProps) {
  const { search, router } = useServices()
  const state = useViewModel(search)
  const link = state.mode === 'link' ? state.link : null

  useEffect(() => {
    if (link === null) return
    const input = field.current
    return () => input?.focus()
  }, [link, field])

  useEffect(
    () =>
      search.onFocusAsked(() => {
        // in a narrow window the list may stand behind the open chat
        if (field.current?.offsetParent === null) router.openRow(null)
        setTimeout(() => field.current?.select())
      }),
    [search, router, field],
  )

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      onLeaveDown()
    } else if (event.key === 'Escape') {
      event.stopPropagation()
      if (state.text !== '') search.clear()
      else onLeaveDown()
    }
  }
  const onPaste = (event: ClipboardEvent<HTMLInputElement>): void => {
    // line breaks would be lost in a one-line field, and with them where one link ends
    const whole = event.clipboardData.getData('text/plain')
    const { selectionStart, selectionEnd, value } = event.currentTarget
    event.preventDefault()
    // the same text once more, before anything came of the first, is one paste (PLN-4)
    const again = value.trim() === whole.trim()
    const next = again
      ? whole
      : value.slice(0, selectionStart ?? 0) + whole + value.slice(selectionEnd ?? value.length)
    void search.setText(next, true)
  }
  return (
    <div className={cx(s['search'], link && s['linked'])} role="search" aria-label={t('chats.search.label')}>
      <Icon of={SearchIcon} size="m" className={s['glass']} />
      {link && (
        <>
          <Chip
            tone={link.kind === 'invitation' ? 'them' : 'me'}
            icon={<Icon of={link.kind === 'invitation' ? Ticket : Signpost} />}
          >
            {t(`chats.kind.${link.kind}`)}
          </Chip>
          <span className={cx(text['code'], text['cut'], s['relay'])}>{link.relay}</span>
          <Hidden>{t('chats.search.link', { kind: t(`chats.kind.${link.kind}`), relay: link.relay })}</Hidden>
        </>
      )}
      <input
        ref={field}
        type="text"
        inputMode="search"
        role="searchbox"
        data-testid="chat-search"
        data-mode={state.mode}
        className={cx(s['input'], link && s['behind'])}
        placeholder={t('chats.search')}
        aria-label={t('chats.search')}
        autoComplete="off"
        spellCheck={false}
        value={state.text}
        onPaste={onPaste}
        onChange={(event) => void search.setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <IconButton
        label={t('chats.search.scan')}
        size="s"
        className={s['scan']}
        data-testid="search-scan"
        onClick={() => router.openNewChat('connect', true)}
      >
        <Icon of={QrCode} size="m" />
      </IconButton>
    </div>
  )
}
