import type { Host } from '../host/index.ts'
import { t } from '../i18n/index.ts'

/** The shell has no catalogue: its menu over fields and selected text speaks as the window does. */
export function giveMenuWords(host: Pick<Host, 'giveMenuWords'>): void {
  host.giveMenuWords({
    cut: t('app.edit.cut'),
    copy: t('app.edit.copy'),
    paste: t('app.edit.paste'),
    selectAll: t('app.edit.selectAll'),
    addWord: t('app.edit.addWord'),
    noSuggestion: t('app.edit.noSuggestion'),
  })
}
