import type { ReactNode, RefObject } from 'react'
import { CameraOff, QrCode, TriangleAlert } from 'lucide-react'
import type { Found } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Button, Icon, Spinner, cx, LinkWords } from '../../ui/index.ts'
import type { Purpose } from './judge.ts'
import type { ScanState, ScannerModel } from './scanner-model.ts'
import { noteText, troubleText } from './words.ts'
import s from './Picture.module.css'

export interface PictureProps {
  model: ScannerModel
  state: ScanState
  purpose: Purpose
  video: RefObject<HTMLVideoElement | null>
  canvas: RefObject<HTMLCanvasElement | null>
  start: RefObject<HTMLButtonElement | null>
  onPasteLink: (() => void) | undefined
}

/** The dark plate: the live picture, the frame in which a code was found, or what stands in their place. */
export function Picture(props: PictureProps) {
  const { state, purpose, video, canvas } = props
  const host = useHost()
  const { view, note, mirror } = state
  const moving = view.tag === 'live' || view.tag === 'asking'
  const still = view.tag === 'found' || view.tag === 'choose'
  return (
    <div className={s['plate']}>
      <video
        ref={video}
        className={cx(s['picture'], mirror && s['mirrored'])}
        hidden={!moving}
        muted
        playsInline
        data-testid="scanner-video"
        data-mirror={mirror}
      />
      <canvas ref={canvas} className={cx(s['picture'], mirror && s['mirrored'])} hidden={!still} />
      {(view.tag === 'live' || view.tag === 'found') && <Frame closed={view.tag === 'found'} />}
      <Middle {...props} />
      {view.tag === 'live' && (
        <>
          <span className={s['on']}>
            <i />
            {t('scan.live')}
          </span>
          <button
            type="button"
            className={s['stop']}
            data-testid="scanner-stop"
            onClick={() => props.model.stop()}
          >
            {t('scan.stop')}
          </button>
        </>
      )}
      <p className={cx(s['note'], note === null && s['none'])} role="status" data-testid="scanner-note">
        {note !== null && (
          <>
            <Icon of={TriangleAlert} size="m" />
            <span>{noteText(note, purpose, host)}</span>
          </>
        )}
      </p>
    </div>
  )
}

function Middle({ model, state, purpose, start, onPasteLink }: PictureProps) {
  const host = useHost()
  const { view } = state
  const none = state.cameras?.length === 0
  switch (view.tag) {
    case 'live':
      return null
    case 'found':
      return <p className={s['hiddenStatus']}>{t('scan.found')}</p>
    case 'asking':
      return (
        <Words title={t('scan.asking.title')} text={t('scan.asking.text')} icon={<Spinner />}>
          <Button onClick={() => model.stop()}>{t('scan.cancel')}</Button>
        </Words>
      )
    case 'reading':
      return (
        <Words title={t(`scan.reading.${view.what}`)} text={t('scan.reading.text')} icon={<Spinner />}>
          <Button onClick={() => model.stop()}>{t('scan.cancel')}</Button>
        </Words>
      )
    case 'choose':
      return <Choice found={view.found} onPick={(found) => model.pick(found)} onAgain={() => model.again()} />
    case 'trouble':
      return (
        <Words
          title={t(`scan.trouble.${view.trouble}.title`)}
          text={troubleText(view.trouble, host)}
          icon={<Icon of={CameraOff} size="l" />}
        >
          <Button onClick={() => void model.start()} disabled={none}>
            {t('scan.trouble.retry')}
          </Button>
          {onPasteLink && <Button onClick={onPasteLink}>{t(`scan.pasteInstead.${purpose}`)}</Button>}
        </Words>
      )
    case 'idle':
      return (
        <Words
          text={none ? undefined : t(`scan.hint.${purpose}`)}
          icon={<Icon of={none ? CameraOff : QrCode} size="l" />}
        >
          <Button
            ref={start}
            size="l"
            aria-disabled={none}
            aria-describedby={none ? 'scan-no-camera' : undefined}
            data-testid="scan-start"
            onClick={() => none || void model.start()}
          >
            {t('scan.start')}
          </Button>
          {none && (
            <p id="scan-no-camera" className={s['reason']}>
              {t('scan.noCamera')}
            </p>
          )}
        </Words>
      )
  }
}

function Words(props: { title?: string; text?: string | undefined; icon: ReactNode; children?: ReactNode }) {
  const { title, text, icon, children } = props
  return (
    <div className={s['middle']} role={title === undefined ? undefined : 'status'}>
      <span className={s['icon']}>{icon}</span>
      {title !== undefined && <b>{title}</b>}
      {text !== undefined && <p>{text}</p>}
      {children && <div className={s['deeds']}>{children}</div>}
    </div>
  )
}

interface ChoiceProps {
  found: readonly Found[]
  onPick: (found: Found) => void
  onAgain: () => void
}

function Choice({ found, onPick, onAgain }: ChoiceProps) {
  return (
    <div className={cx(s['middle'], s['choice'])} data-testid="scanner-choice">
      <b role="status">{t('scan.choose.title', { count: found.length })}</b>
      <p>{t('scan.choose.text')}</p>
      <ul className={s['codes']}>
        {found.map((one) => (
          <li key={one.text}>
            <button type="button" className={s['code']} onClick={() => onPick(one)}>
              <b>{t(`scan.kind.${one.link?.kind ?? (one.kind === 'relay' ? 'relay' : 'securityCode')}`)}</b>
              <LinkWords link={one.text} />
            </button>
          </li>
        ))}
      </ul>
      <div className={s['deeds']}>
        <Button onClick={onAgain}>{t('scan.again')}</Button>
      </div>
    </div>
  )
}

/** Two brackets, one for each side; they close in when a code was found (design 1). */
function Frame({ closed }: { closed: boolean }) {
  return (
    <svg viewBox="0 0 190 190" className={cx(s['frame'], closed && s['closed'])} aria-hidden="true">
      <g className={s['shade']}>
        <path d="M4 76V26A22 22 0 0 1 26 4H118" />
        <path d="M186 114V164A22 22 0 0 1 164 186H72" />
      </g>
      <path className={s['mine']} d="M4 76V26A22 22 0 0 1 26 4H118" />
      <path className={s['theirs']} d="M186 114V164A22 22 0 0 1 164 186H72" />
    </svg>
  )
}
