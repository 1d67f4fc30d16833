import { useId, useRef } from 'react'
import { ChevronDown, ClipboardPaste, Image, Monitor } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Button, Icon, Switch } from '../../ui/index.ts'
import type { Purpose } from './judge.ts'
import type { ScanState, ScannerModel } from './scanner-model.ts'
import s from './Ways.module.css'

interface WaysProps {
  model: ScannerModel
  state: ScanState
  purpose: Purpose
}

/** Every way but the camera, then the camera's own settings once there are cameras to speak of. */
export function Ways({ model, state, purpose }: WaysProps) {
  const host = useHost()
  const file = useRef<HTMLInputElement>(null)
  const id = useId()
  const reading = state.view.tag === 'reading'
  return (
    <div className={s['ways']}>
      <span className={s['label']}>{t('scan.other')}</span>
      <Button
        wide
        className={s['way']}
        icon={<Icon of={Image} size="m" />}
        data-testid="scan-image"
        onClick={() => file.current?.click()}
      >
        {t('scan.image')}
      </Button>
      <input
        ref={file}
        type="file"
        accept="image/*,.svg"
        hidden
        data-testid="scan-file"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          if (files.length > 0) void model.readFiles(files)
        }}
      />
      <button
        type="button"
        className={s['drop']}
        data-testid="scan-drop"
        aria-describedby={id}
        onClick={() => void model.paste()}
      >
        <span className={s['paste']}>
          <Icon of={ClipboardPaste} size="m" />
          {t(`scan.clipboard.${purpose}`)}
        </span>
        <span id={id} className={s['hint']}>
          {t(`scan.dropHint.${purpose}`)}
        </span>
      </button>
      {host.abilities.screen && (
        <Button
          wide
          className={s['way']}
          icon={<Icon of={Monitor} size="m" />}
          data-testid="scan-screen"
          busy={reading && state.view.tag === 'reading' && state.view.what === 'screen'}
          onClick={() => void model.readScreen()}
        >
          {t('scan.screen')}
        </Button>
      )}
      <CameraSettings model={model} state={state} />
    </div>
  )
}

function CameraSettings({ model, state }: { model: ScannerModel; state: ScanState }) {
  const id = useId()
  const cameras = state.cameras ?? []
  // before the first permission the system tells no names, and nothing can be chosen
  const named = cameras.filter(({ id: camera }) => camera !== '')
  if (named.length === 0) return null
  return (
    <div className={s['camera']}>
      <label className={s['label']} htmlFor={id}>
        {t('scan.camera')}
      </label>
      <span className={s['select']}>
        <select
          id={id}
          data-testid="scan-camera"
          value={state.cameraId ?? named[0]?.id}
          onChange={(event) => void model.choose(event.target.value)}
        >
          {named.map((camera, at) => (
            <option key={camera.id} value={camera.id}>
              {camera.name === '' ? t('scan.camera.number', { number: at + 1 }) : camera.name}
            </option>
          ))}
        </select>
        <Icon of={ChevronDown} size="m" />
      </span>
      <Switch
        label={t('scan.mirror')}
        checked={state.mirror}
        onChecked={(mirror) => model.setMirror(mirror)}
        testId="scan-mirror"
      />
    </div>
  )
}
