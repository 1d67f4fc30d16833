import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { ClipboardPaste } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Button, Icon, TextField } from '../../ui/index.ts'
import { Scanner } from '../scan/index.ts'
import type { ScannerHandle } from '../scan/index.ts'
import s from './ConnectTab.module.css'

interface ConnectTabProps {
  onConnect: (text: string) => void
  /** The person asked for the scanner itself: its button takes the focus. */
  scan: boolean
  /** What was pasted or dropped on the other tab. */
  given: Given | null
}

export type Given = { files: readonly File[] } | { text: string }

/** Where a link of the other person comes in: pasted by hand or by the button, or read by the scanner. */
export function ConnectTab({ onConnect, scan, given }: ConnectTabProps) {
  const host = useHost()
  const field = useRef<HTMLInputElement>(null)
  const scanner = useRef<ScannerHandle>(null)
  useEffect(() => {
    // after the dialog has put the focus where dialogs begin
    if (scan) setTimeout(() => scanner.current?.focusStart())
  }, [scan])
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)

  /** Goes on only with something to look at; ordinary text stays in the field with a word on it. */
  const take = async (taken: string): Promise<void> => {
    setText(taken.trim())
    if (taken.trim() === '') return setError(t('newChat.paste.empty'))
    const found = await host.call('link.parse', { text: taken }).catch(() => [])
    const worth = found.some(
      (one) => one.kind === 'link' || (one.kind === 'other' && one.looksLike !== 'text'),
    )
    if (worth) onConnect(taken)
    else setError(t('newChat.paste.nothing'))
  }
  const takeGiven = useEffectEvent((what: Given) => {
    if ('files' in what) scanner.current?.readPictures(what.files)
    else void take(what.text)
  })
  useEffect(() => {
    if (given === null) return undefined
    // after the scanner has its place
    const timer = setTimeout(() => takeGiven(given))
    return () => clearTimeout(timer)
  }, [given])
  /** A picture on the clipboard is read as one that was chosen. */
  const paste = async (): Promise<void> => {
    let copied: string
    try {
      copied = await host.readText()
    } catch {
      return setError(t('newChat.paste.denied', { shortcut: host.mac ? '⌘V' : 'Ctrl+V' }))
    }
    const picture = copied.trim() === '' ? await host.readPicture().catch(() => null) : null
    if (picture === null) return take(copied)
    setError(null)
    scanner.current?.readPictures([picture])
  }
  return (
    <>
      <form
        className={s['form']}
        onSubmit={(event) => {
          event.preventDefault()
          void take(text)
        }}
      >
        <TextField
          label={t('newChat.paste.label')}
          ref={field}
          className={s['field']}
          placeholder={t('newChat.paste.placeholder')}
          error={error}
          value={text}
          onValue={(next) => {
            setText(next)
            setError(null)
          }}
          onPaste={(event) => {
            event.preventDefault()
            void take(event.clipboardData.getData('text/plain'))
          }}
          autoComplete="off"
          spellCheck={false}
          data-testid="connect-link"
        />
        <PasteButtons empty={text === ''} onPaste={() => void paste()} />
      </form>
      <Scanner
        purpose="link"
        ref={scanner}
        onFound={({ text: found }) => onConnect(found)}
        onOther={onConnect}
        onText={(taken) => void take(taken)}
        onPasteLink={() => field.current?.focus()}
      />
    </>
  )
}

function PasteButtons({ empty, onPaste }: { empty: boolean; onPaste: () => void }) {
  return (
    <div className={s['buttons']}>
      <Button
        tone={empty ? 'primary' : 'neutral'}
        size="l"
        icon={<Icon of={ClipboardPaste} size="m" />}
        onClick={onPaste}
      >
        {t('newChat.paste')}
      </Button>
      {!empty && (
        <Button tone="primary" size="l" type="submit">
          {t('newChat.paste.use')}
        </Button>
      )}
    </div>
  )
}
