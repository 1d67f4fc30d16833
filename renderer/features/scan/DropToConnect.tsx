import { useCallback, useRef } from 'react'
import { Download } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import { Icon } from '../../ui/index.ts'
import { connectByPicture } from './connect-by-picture.ts'
import { useDrop } from './use-drop.ts'
import type { Carried } from './use-intake.ts'
import s from './Over.module.css'

/** Stands in a pane and makes all of it take a dropped picture or link, as the sheet does (SCN-8). */
export function DropToConnect({ testId }: { testId: string }) {
  const services = useServices()
  const mark = useRef<HTMLSpanElement>(null)
  const onDrop = useCallback(
    ({ files, text }: Carried) => {
      if (files.length > 0) void connectByPicture(services, files)
      else if (text !== '') void services.search.setText(text, true)
    },
    [services],
  )
  const over = useDrop(mark, onDrop, 'parent')
  return (
    <span ref={mark} hidden={!over} className={over ? s['over'] : undefined} data-testid={testId}>
      {over && (
        <>
          <Icon of={Download} size="l" />
          {t('scan.dropHere')}
        </>
      )}
    </span>
  )
}
