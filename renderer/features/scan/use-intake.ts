import { useEffect, useState } from 'react'

interface Intake {
  onFiles: (files: readonly File[]) => void
  onText: (text: string) => void
}

/** Pictures and text that are pasted or dropped anywhere while this is `on`. Answers whether something hovers. */
export function useIntake({ onFiles, onText }: Intake, on = true): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    if (!on) return undefined
    const paste = (event: ClipboardEvent): void => {
      const { files, text } = carried(event.clipboardData)
      const inField = event.target instanceof Element && event.target.closest('input, textarea') !== null
      if (files.length === 0 && (inField || text === '')) return
      event.preventDefault()
      event.stopPropagation()
      if (files.length > 0) onFiles(files)
      else onText(text)
    }
    const hover = (event: DragEvent): void => {
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    // leaving the window, and not one element for the next
    const leave = (event: DragEvent): void => void (event.relatedTarget === null && setOver(false))
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      event.stopPropagation()
      setOver(false)
      const { files, text } = carried(event.dataTransfer)
      if (files.length > 0) onFiles(files)
      else if (text !== '') onText(text)
    }
    const listeners = [
      ['paste', paste],
      ['dragover', hover],
      ['dragleave', leave],
      ['drop', drop],
    ] as const
    for (const [name, fn] of listeners) document.addEventListener(name, fn as EventListener, true)
    return () => {
      for (const [name, fn] of listeners) document.removeEventListener(name, fn as EventListener, true)
    }
  }, [onFiles, onText, on])
  return over
}

export interface Carried {
  files: readonly File[]
  text: string
}

/** Any file counts as a picture until it turns out to be none: the kind that a system tells is often wrong. */
export function carried(data: DataTransfer | null): Carried {
  if (data === null) return { files: [], text: '' }
  const text = data.getData('text/uri-list').trim() || data.getData('text/plain').trim()
  return { files: [...data.files], text }
}
