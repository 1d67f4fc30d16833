import { useState } from 'react'
import { ClipboardPaste, Info } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Button, Icon, TextField } from '../../ui/index.ts'
import s from './ConnectTab.module.css'

/** Where a link of the other person comes in: pasted by hand or by the button. */
export function ConnectTab({ onConnect }: { onConnect: (text: string) => void }) {
  const host = useHost()
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
  const paste = (): void =>
    void host
      .readText()
      .then(take, () => setError(t('newChat.paste.denied', { shortcut: host.mac ? '⌘V' : 'Ctrl+V' })))
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
        <div className={s['buttons']}>
          <Button
            tone={text === '' ? 'primary' : 'neutral'}
            size="l"
            icon={<Icon of={ClipboardPaste} size="m" />}
            onClick={paste}
          >
            {t('newChat.paste')}
          </Button>
          {text !== '' && (
            <Button tone="primary" size="l" type="submit">
              {t('newChat.paste.use')}
            </Button>
          )}
        </div>
      </form>
      <p className={s['tip']}>
        <Icon of={Info} size="m" />
        {t('newChat.paste.tip')}
      </p>
    </>
  )
}
