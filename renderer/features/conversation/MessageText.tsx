import { useMemo } from 'react'
import { t } from '../../i18n/index.ts'
import { textParts, useRouter } from '../../state/index.ts'
import s from './MessageText.module.css'

/**
 * Text as it was written. A connection link in it is a button that leads to its check inside this window (LND-8);
 * anything else that looks like an address stays text, so that no message can lead anywhere outside.
 */
export function MessageText({ text }: { text: string }) {
  const router = useRouter()
  const parts = useMemo(() => textParts(text), [text])
  return parts.map((part, at) =>
    part.link ? (
      <button
        // oxlint-disable-next-line react/no-array-index-key -- the parts of one text never move
        key={at}
        type="button"
        className={s['link']}
        title={t('conversation.link')}
        data-testid="message-link"
        onClick={() => router.connect(part.text)}
      >
        <bdi dir="ltr">{part.text}</bdi>
      </button>
    ) : (
      part.text
    ),
  )
}
