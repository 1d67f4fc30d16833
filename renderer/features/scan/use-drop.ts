import { useEffect, useState } from 'react'
import type { RefObject } from 'react'
import { carried } from './use-intake.ts'
import type { Carried } from './use-intake.ts'

/** What is let go over an element, or over its parent where it stands for it. Answers whether something hovers. */
export function useDrop(
  place: RefObject<HTMLElement | null>,
  onDrop: (what: Carried) => void,
  of: 'itself' | 'parent' = 'itself',
): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const pane = of === 'itself' ? place.current : place.current?.parentElement
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
      onDrop(carried(event.dataTransfer))
    }
    pane.addEventListener('dragover', hover)
    pane.addEventListener('dragleave', leave)
    pane.addEventListener('drop', drop)
    return () => {
      pane.removeEventListener('dragover', hover)
      pane.removeEventListener('dragleave', leave)
      pane.removeEventListener('drop', drop)
    }
  }, [place, onDrop, of])
  return over
}
