import type { Page } from '@playwright/test'
import { quantile } from '../samples.ts'

/* What keeps the thread of a page busy, as somebody in front of it would feel it. */

export interface Felt {
  /** Milliseconds from each key to the frame that shows it. */
  readonly keys: number[]
  /** Milliseconds of each task of 50 and more, which is what a browser calls long. */
  readonly tasks: number[]
}

declare global {
  interface Window {
    felt?: Felt
  }
}

/** From now on keys and long tasks are kept. What is answered reads what came since the last reading. */
export async function watchThread(page: Page): Promise<() => Promise<Felt>> {
  await page.evaluate(() => {
    const felt = { keys: [] as number[], tasks: [] as number[] }
    window.felt = felt
    document.addEventListener(
      'keydown',
      ({ timeStamp }) =>
        requestAnimationFrame(() => {
          const painted = new MessageChannel()
          painted.port1.onmessage = () => void felt.keys.push(performance.now() - timeStamp)
          painted.port2.postMessage(null)
        }),
      { capture: true },
    )
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) felt.tasks.push(duration)
    }).observe({ type: 'longtask' })
  })
  return () =>
    page.evaluate(() => ({
      keys: window.felt?.keys.splice(0) ?? [],
      tasks: window.felt?.tasks.splice(0) ?? [],
    }))
}

declare global {
  interface Window {
    shown?: { from: number; after: number | null }
  }
}

/**
 * From the next event of that name, wherever in the page it is, until the frame in which an element matches: by the page's
 * own clock, since a test looks only now and then. Answers milliseconds, once the element is there.
 */
export async function untilShown(
  page: Page,
  event: string,
  selector: string,
): Promise<() => Promise<number>> {
  await page.evaluate(
    ([name, wanted]) => {
      const shown = { from: NaN, after: null as number | null }
      window.shown = shown
      document.addEventListener(name, () => (shown.from = performance.now()), { capture: true, once: true })
      const observer = new MutationObserver(() => {
        if (document.querySelector(wanted) === null) return
        observer.disconnect()
        requestAnimationFrame(() => (shown.after = performance.now() - shown.from))
      })
      observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true })
    },
    [event, selector] as const,
  )
  return async () => {
    const handle = await page.waitForFunction(() => window.shown?.after ?? false, undefined, {
      timeout: 60_000,
    })
    return Number(await handle.jsonValue())
  }
}

export function keysLine(name: string, { keys, tasks }: Felt): string {
  const at = (part: number): string => `${quantile(keys, part).toFixed(0)} ms`.padStart(7)
  const figures = `50 % ${at(0.5)}  95 % ${at(0.95)}  99 % ${at(0.99)}  longest ${at(1)}`
  return `${name.padEnd(28)}  ${figures}  ${keys.length} keys; ${longest(tasks)}`
}

export const longest = (tasks: readonly number[]): string =>
  tasks.length === 0 ? 'no task of 50 ms' : `longest task ${Math.max(...tasks).toFixed(0)} ms`
