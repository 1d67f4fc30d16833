import type { WebContents } from 'electron'

/** A world of scripts beside the page's own: the page cannot put another answer in the place of the true one. */
const APART = 1_001

/**
 * Whether the person pressed something in this page within the last seconds (transient activation; HTML, 6.4.2), by mouse,
 * touch, key or a program that reads the screen to them.
 */
export async function pressed(contents: WebContents | undefined): Promise<boolean> {
  if (contents === undefined || contents.isDestroyed()) return false
  const code = 'navigator.userActivation.isActive'
  try {
    return (await contents.executeJavaScriptInIsolatedWorld(APART, [{ code }])) === true
  } catch {
    return false
  }
}
