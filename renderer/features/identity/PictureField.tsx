import { useId, useRef, useState } from 'react'
import { ImagePlus } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { Avatar, Button, cx, FieldError, Icon } from '../../ui/index.ts'
import { ownPicture } from './own-picture.ts'
import s from './PictureField.module.css'

export interface PictureFieldProps {
  seed: string
  name: string
  image: string | undefined
  onImage: (image: string | undefined) => void
  /** Large, with its buttons under it; who gets it is said elsewhere. */
  tall?: boolean
}

/** The picture of a profile of mine: chosen from a file, cut to a square, taken away again. */
export function PictureField({ seed, name, image, onImage, tall = false }: PictureFieldProps) {
  const [problem, setProblem] = useState<'unreadable' | 'too-large' | null>(null)
  const [busy, setBusy] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const choose = useRef<HTMLButtonElement>(null)
  const id = useId()
  const take = async (chosen: File): Promise<void> => {
    setBusy(true)
    const picture = await ownPicture(chosen)
    setBusy(false)
    setProblem(picture.ok ? null : picture.why)
    if (picture.ok) onImage(picture.image)
  }
  const remove = (): void => {
    onImage(undefined)
    setProblem(null)
    choose.current?.focus()
  }
  return (
    <div
      role="group"
      aria-label={t('identity.picture')}
      className={cx(s['field'], tall && s['tall'])}
      data-testid="own-picture"
    >
      <div className={s['side']}>
        <Avatar seed={seed} name={name} image={image} size={tall ? 96 : 72} />
        <div className={s['ways']}>
          <div className={s['buttons']}>
            <Button
              ref={choose}
              size="s"
              tone={tall ? 'quiet' : 'neutral'}
              busy={busy}
              icon={tall ? null : <Icon of={ImagePlus} size="m" />}
              aria-describedby={tall ? undefined : id}
              onClick={() => file.current?.click()}
            >
              {t(image === undefined ? 'identity.picture.choose' : 'identity.picture.other')}
            </Button>
            {image !== undefined && (
              <Button size="s" tone="quiet" onClick={remove}>
                {t('identity.picture.remove')}
              </Button>
            )}
          </div>
          {!tall && (
            <p id={id} className={s['help']}>
              {t('identity.picture.help')}
            </p>
          )}
        </div>
      </div>
      <div role="alert" className={s['problem']}>
        {problem && <FieldError>{t(`identity.picture.${problem}`)}</FieldError>}
      </div>
      <input
        ref={file}
        type="file"
        accept="image/png,image/jpeg,image/webp"
        hidden
        data-testid="own-picture-file"
        onChange={(event) => {
          const [chosen] = event.target.files ?? []
          if (chosen) void take(chosen)
          event.target.value = ''
        }}
      />
    </div>
  )
}
