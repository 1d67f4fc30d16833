import type { Services } from '../state/index.ts'

/** Folders of an installation without `--data`: `main/shared/options.ts`. */
const USUAL = /^duplex$/i

/**
 * In a browser, the tab of another folder is named after it (DSK-2). The desktop window has its title from the shell.
 * Never a name of a person: titles show in task bars and histories.
 */
export function followTitle({ host, store }: Services): void {
  if (host.kind !== 'browser') return
  store.subscribe(() => {
    const folder = store.state.app?.dataDir.split(/[\\/]/).findLast((part) => part !== '') ?? ''
    host.setTitle(folder === '' || USUAL.test(folder) ? 'Duplex' : `Duplex (${folder})`)
  })
}
