/** Times in the reader's own habits. Input: ISO 8601 of the contract; `now` comes in so that tests own it. */
import { t } from './translate.ts'

const DAY = 86_400_000

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const dayMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dayMonthYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const longDayYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

function daysBack(date: Date, now: Date): number {
  return Math.round((midnight(now) - midnight(date)) / DAY)
}

export function clockTime(iso: string): string {
  return clock.format(new Date(iso))
}

export function fullTime(iso: string): string {
  return full.format(new Date(iso))
}

/** For a row: the clock today, "Yesterday", the weekday within a week, else the date. */
export function listTime(iso: string, now: Date): string {
  const date = new Date(iso)
  const days = daysBack(date, now)
  if (days <= 0) return clock.format(date)
  if (days === 1) return t('app.yesterday')
  if (days < 7) return weekday.format(date)
  return date.getFullYear() === now.getFullYear() ? dayMonth.format(date) : dayMonthYear.format(date)
}

/** For the line between two days of a conversation. */
export function dayName(iso: string, now: Date): string {
  const date = new Date(iso)
  const days = daysBack(date, now)
  if (days <= 0) return t('app.today')
  if (days === 1) return t('app.yesterday')
  return date.getFullYear() === now.getFullYear() ? longDay.format(date) : longDayYear.format(date)
}
