import s from './LinkBox.module.css'

const TAIL = 8 // a link loses its middle, never its end (design section 4)

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
      <span className={s['over']} aria-hidden="true">
        <LinkWords link={link} />
      </span>
    </div>
  )
}

/** A link in the middle of other things: one line in whatever room there is, with its beginning and its end. */
export function LinkWords({ link }: { link: string }) {
  const bare = link.replace(/^https:\/\//, '')
  return (
    <span className={s['short']}>
      <span className={s['head']}>{bare.slice(0, -TAIL)}</span>
      <span>{bare.slice(-TAIL)}</span>
    </span>
  )
}
