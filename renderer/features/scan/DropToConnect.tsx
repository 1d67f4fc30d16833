import { useEffect, useRef, useState } from 'react'
import { Download } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import { Icon } from '../../ui/index.ts'
import { connectByPicture } from './connect-by-picture.ts'
import { carried } from './use-intake.ts'
import s from './Over.module.css'

/** Stands in a pane and makes all of it take a dropped picture or link, as the sheet does (SCN-8). */
export function DropToConnect() {
  const services = useServices()
  const mark = useRef<HTMLSpanElement>(null)
  const [over, setOver] = useState(false)
  useEffect(() => {
    const pane = mark.current?.parentElement
    if (!pane) return undefined
    const hover = (event: DragEvent): void => {
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      const to = event.relatedTarget
      if (!(to instanceof Node && pane.contains(to))) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      setOver(false)
      const { files, text } = carried(event.dataTransfer)
      if (files.length > 0) void connectByPicture(services, files)
      else if (text !== '') void services.search.setText(text, true)
    }
    pane.addEventListener('dragover', hover)
    pane.addEventListener('dragleave', leave)
    pane.addEventListener('drop', drop)
    return () => {
      pane.removeEventListener('dragover', hover)
      pane.removeEventListener('dragleave', leave)
      pane.removeEventListener('drop', drop)
    }
  }, [services])
  return (
    <span ref={mark} hidden={!over} className={over ? s['over'] : undefined} data-testid="list-drop">
      {over && (
        <>
          <Icon of={Download} size="l" />
          {t('scan.dropHere')}
        </>
      )}
    </span>
  )
}
