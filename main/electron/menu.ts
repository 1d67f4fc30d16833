import { Menu } from 'electron'

/**
 * macOS needs a menu for copy, paste and quit to have their keys; elsewhere the window has its own controls and an
 * empty menu also takes away reload and the developer tools.
 */
export function applicationMenu(): Menu | null {
  if (process.platform !== 'darwin') return null
  return Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
}
