import { useMemo, useState } from 'react'
import { cx } from './cx.ts'
import { avatarTile, initials } from './avatar-tile.ts'
import { shownPicture } from './shown-picture.ts'
import s from './Avatar.module.css'

export type AvatarSize = 20 | 24 | 28 | 36 | 40 | 56 | 72 | 96

export interface AvatarProps {
  /** Local random id (contactId, connectionId); for my own profile any constant. */
  seed: string
  name: string
  /** `data:image/(png|jpg);base64,` of a profile; anything else, and what turns out to be broken, shows the tile. */
  image?: string | undefined
  size?: AvatarSize
  /** The hatched quarter: somebody whom I meet incognito. `self`: my random self there, without hue. */
  incognito?: 'contact' | 'self' | undefined
}

/** Decorative: the name always stands beside it. The letters are drawn by the style sheet, so that they are no text of the page. */
export function Avatar({ seed, name, image, size = 40, incognito }: AvatarProps) {
  const tile = avatarTile(seed)
  const checked = useMemo(() => shownPicture(image), [image])
  const [broken, setBroken] = useState<string | null>(null)
  const picture = checked === broken ? null : checked
  return (
    <span
      aria-hidden="true"
      data-initials={picture === null ? initials(name) : ''}
      className={cx(
        s['avatar'],
        s[`x${String(size)}`],
        incognito === 'self' ? s['self'] : s[`c${String(tile.tone)}`],
        incognito && s['edge'],
      )}
    >
      {incognito === 'self' ? null : picture === null ? (
        <svg viewBox="0 0 40 40">
          <path className={s['a']} d="M0 0H40V40H0z" />
          <path className={s['b']} d={tile.cut} />
        </svg>
      ) : (
        <img src={picture} alt="" draggable={false} onError={() => setBroken(picture)} />
      )}
    </span>
  )
}
