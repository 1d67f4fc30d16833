/** How long a link works; `relay`: as long as the relay keeps unused ones. */
export type WorksFor = 'relay' | 'hour' | 'day' | 'week'

export const WORKS_FOR: readonly WorksFor[] = ['relay', 'hour', 'day', 'week']

const HOUR_MS = 3_600_000
const WORKS_MS: Record<Exclude<WorksFor, 'relay'>, number> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
}

/** The date that the link is given; `null` where the relay decides. */
export const expiryOf = (worksFor: WorksFor): string | null =>
  worksFor === 'relay' ? null : new Date(Date.now() + WORKS_MS[worksFor]).toISOString()
