import type { Host } from '../host/index.ts'

/** Light, dark, or the system's own when nothing is remembered. */
export function applyTheme(host: Host): void {
  const theme = host.recall('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme
  else delete document.documentElement.dataset['theme']
}
