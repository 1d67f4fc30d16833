import { useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { Ref } from 'react'
import { Download, Info } from 'lucide-react'
import type { Found } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { useHost, useStore, useViewModel } from '../../state/index.ts'
import { Icon } from '../../ui/index.ts'
import { CodeReader } from './decode/code-reader.ts'
import type { Purpose } from './judge.ts'
import { Picture } from './Picture.tsx'
import { ScannerModel } from './scanner-model.ts'
import { stageOf } from './stage.ts'
import { useIntake } from './use-intake.ts'
import { Ways } from './Ways.tsx'
import o from './Over.module.css'
import s from './Scanner.module.css'

export interface ScannerProps {
  purpose: Purpose
  onFound: (found: Found) => void
  /** Where pasted and dropped text goes; without it the scanner looks at it itself. */
  onText?: (text: string) => void
  /** A code that is nothing of ours; without it the scanner says what it looks like. */
  onOther?: (text: string) => void
  /** Leads to the field for the text form. */
  onPasteLink?: () => void
  ref?: Ref<ScannerHandle>
}

export interface ScannerHandle {
  /** The focus goes to the button that starts the camera. */
  focusStart(): void
  readPictures(pictures: readonly Blob[]): void
}

/**
 * Reads a code by camera, image, clipboard, drop or screen (flows 9). The camera begins with a press of its button and
 * ends with whatever ends this: the dialog, the window being hidden, another profile.
 */
export function Scanner(props: ScannerProps) {
  const { purpose, onFound, onText, onOther, onPasteLink, ref } = props
  const host = useHost()
  const profile = useStore((state) => state.profile)
  const [model] = useState(() => new ScannerModel(host, new CodeReader(), purpose))
  useEffect(() => model.answerWith({ onFound, onText, onOther }))
  const state = useViewModel(model)
  const video = useRef<HTMLVideoElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const start = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (video.current === null || canvas.current === null) return undefined
    return model.attach(stageOf(video.current, canvas.current))
  }, [model])
  useEffect(() => {
    const hidden = (): void => void (document.visibilityState === 'hidden' && model.stop())
    document.addEventListener('visibilitychange', hidden)
    window.addEventListener('pagehide', hidden)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      window.removeEventListener('pagehide', hidden)
      model.stop()
    }
  }, [model, profile])

  useImperativeHandle(ref, () => ({
    focusStart: () => start.current?.focus(),
    readPictures: (pictures) => void model.readFiles(pictures),
  }))
  const onFiles = useCallback((files: readonly File[]) => void model.readFiles(files), [model])
  const takeText = useCallback((text: string) => void model.takeText(text), [model])
  const over = useIntake({ onFiles, onText: takeText })
  return (
    <div
      className={s['scanner']}
      role="group"
      aria-label={t('scan.name')}
      data-testid="scanner"
      data-state={state.view.tag === 'trouble' ? state.view.trouble : state.view.tag}
    >
      <Picture {...{ model, state, purpose, video, canvas, start, onPasteLink }} />
      <Ways model={model} state={state} purpose={purpose} />
      <p className={s['tip']}>
        <Icon of={Info} size="m" />
        {t(purpose === 'link' ? 'scan.privacy' : 'scan.privacy.other')}
      </p>
      {over && (
        <div className={o['over']} data-testid="scanner-drop">
          <Icon of={Download} size="l" />
          {t('scan.dropHere')}
        </div>
      )}
    </div>
  )
}
