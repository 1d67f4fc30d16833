import { shortenLink } from './shorten-link.ts'
import s from './LinkBox.module.css'

/** A link to look at: middle-shortened to the eye, whole to assistive technology and to a test, selectable. */
export function LinkBox({ link, label, testId }: { link: string; label: string; testId?: string }) {
  return (
    <div className={s['box']}>
      <input
        className={s['whole']}
        type="text"
        readOnly
        value={link}
        aria-label={label}
        data-testid={testId}
        spellCheck={false}
        onFocus={(event) => event.currentTarget.select()}
      />
      <span className={s['short']} aria-hidden="true">
        {shortenLink(link)}
      </span>
    </div>
  )
}
