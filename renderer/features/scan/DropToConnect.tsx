import { useEffect, useRef, useState } from 'react'
import { Download } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import type { Services } from '../../state/index.ts'
import { Icon } from '../../ui/index.ts'
import { CodeReader } from './decode/code-reader.ts'
import { Judge } from './judge.ts'
import type { ScanNote } from './scanner-model.ts'
import { carried } from './use-intake.ts'
import { noteText } from './words.ts'
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

/** Reads the codes of the pictures; a link goes to its check, several to the choice of the search field. */
async function connectByPicture(services: Services, files: readonly File[]): Promise<void> {
  const { host, router, search, toasts } = services
  const say = (note: ScanNote): void =>
    void toasts.show({ text: noteText(note, 'link', host), mark: 'problem' })
  const reader = new CodeReader()
  try {
    const texts: string[] = []
    for (const file of files) {
      const read = await reader.picture(file)
      if (read.ok) texts.push(...read.codes.map(({ text }) => text))
      else if (files.length === 1) return say({ tag: read.problem })
    }
    const { right, wrong } = await new Judge(host, 'link').judge(texts)
    const [first, second] = right
    if (first !== undefined && second === undefined) router.connect(first.text)
    else if (first !== undefined) await search.setText(right.map(({ text }) => text).join('\n'), true)
    else if (wrong === null) say({ tag: 'no-code' })
    else if (wrong.kind === 'other') router.connect(wrong.text)
    else say({ tag: 'wrong', found: wrong })
  } finally {
    reader.close()
  }
}
