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

export function keysLine(name: string, { keys, tasks }: Felt): string {
  const at = (part: number): string => `${quantile(keys, part).toFixed(0)} ms`.padStart(7)
  const figures = `50 % ${at(0.5)}  95 % ${at(0.95)}  99 % ${at(0.99)}  longest ${at(1)}`
  return `${name.padEnd(28)}  ${figures}  ${keys.length} keys; ${longest(tasks)}`
}

export const longest = (tasks: readonly number[]): string =>
  tasks.length === 0 ? 'no task of 50 ms' : `longest task ${Math.max(...tasks).toFixed(0)} ms`
