import type { Found } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { Dialog } from '../../ui/index.ts'
import { Scanner } from './Scanner.tsx'

export interface ScanDialogProps {
  purpose: 'securityCode' | 'relay'
  onClose: () => void
  onFound: (found: Found) => void
}

/** The scanner by itself, over the screen that wants what it reads (SCN-10). */
export function ScanDialog({ purpose, onClose, onFound }: ScanDialogProps) {
  return (
    <Dialog open onClose={onClose} title={t(`scan.title.${purpose}`)} width="l" testId="scan-dialog">
      <Scanner purpose={purpose} onFound={onFound} onPasteLink={onClose} />
    </Dialog>
  )
}
