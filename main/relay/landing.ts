import { fileURLToPath } from 'node:url'
import { landingPage } from '../landing/page-file.ts'
import type { HttpAnswer } from './http.ts'

/** Where links lead: one-time ones and addresses, short and full. flows.md 10, agent.md 5.1, 5.4 */
const PATHS = /^\/(?:i|a|invitation|contact)\/?$/i

/**
 * The page for people who open a link. What follows the `#` never comes here: browsers keep it to themselves.
 * The same bytes for everybody, so the page learns nothing either. Rejects when the page is not built and cannot be.
 */
export async function landingAnswers(download: string | null): Promise<(path: string) => HttpAnswer | null> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { html, policy } = await landingPage(root, download)
  const answer: HttpAnswer = {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
      'Referrer-Policy': 'no-referrer',
      'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-cache',
    },
    body: html,
  }
  return (path) => (PATHS.test(path) ? answer : null)
}
