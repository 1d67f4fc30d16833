import type { Found } from '#core/contract'
import type { Host } from '../../host/index.ts'
import { t } from '../../i18n/index.ts'
import type { Purpose } from './judge.ts'
import type { ScanNote, ScanView } from './scanner-model.ts'

type Trouble = (ScanView & { tag: 'trouble' })['trouble']

export function noteText(note: ScanNote, purpose: Purpose, host: Pick<Host, 'mac'>): string {
  if (note.tag === 'wrong') return wrongText(note.found, purpose)
  if (note.tag === 'clipboard-denied')
    return t('scan.note.clipboard-denied', { shortcut: host.mac ? '⌘V' : 'Ctrl+V' })
  return t(`scan.note.${note.tag}`)
}

/** Which kind of code it is instead, and where that kind belongs (SCN-10). */
function wrongText({ kind, looksLike }: Found, purpose: Purpose): string {
  if (kind === 'other' || kind === purpose) {
    const looks = looksLike ?? 'text'
    return t(`scan.wrong.other.${looks === 'other-app' ? 'app' : looks}`)
  }
  switch (kind) {
    case 'link':
      return t(purpose === 'relay' ? 'scan.wrong.link.relay' : 'scan.wrong.link.securityCode')
    case 'relay':
      return t(purpose === 'link' ? 'scan.wrong.relay.link' : 'scan.wrong.relay.securityCode')
    case 'securityCode':
      return t(purpose === 'link' ? 'scan.wrong.securityCode.link' : 'scan.wrong.securityCode.relay')
  }
}

export function troubleText(trouble: Trouble, host: Pick<Host, 'kind' | 'system'>): string {
  if (trouble === 'denied')
    return t(`scan.trouble.denied.${host.kind}`, { path: t(`scan.trouble.path.${host.system}`) })
  return t(`scan.trouble.${trouble}.text`)
}
