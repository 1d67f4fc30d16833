import s from './LinkBox.module.css'

const TAIL = 8 // a link loses its middle, never its end (design section 4)

/** A link to look at: middle-shortened to the eye, whole to assistive technology and to a test, selectable. */
export function LinkBox({ link, label, testId }: { link: string; label: string; testId?: string }) {
  const bare = link.replace(/^https:\/\//, '')
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
        <span className={s['head']}>{bare.slice(0, -TAIL)}</span>
        <span>{bare.slice(-TAIL)}</span>
      </span>
    </div>
  )
}
