import { useState } from 'react'
import { ScanLine } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { Button, Icon } from '../../ui/index.ts'
import type { ButtonProps } from '../../ui/Button.tsx'
import { ScanDialog } from './ScanDialog.tsx'
import { withLine } from './with-line.ts'

interface ScanServerProps extends Pick<ButtonProps, 'size' | 'className'> {
  /** Addresses, one a line; the scanned one is put behind them. */
  text: string
  onText: (text: string) => void
}

/** A server address from a code, for a field of addresses. */
export function ScanServer({ text, onText, ...look }: ScanServerProps) {
  const [scanning, setScanning] = useState(false)
  return (
    <>
      <Button
        {...look}
        icon={<Icon of={ScanLine} size="m" />}
        data-testid="server-scan"
        onClick={() => setScanning(true)}
      >
        {t('scan.server')}
      </Button>
      {scanning && (
        <ScanDialog
          purpose="relay"
          onClose={() => setScanning(false)}
          onFound={(found) => {
            setScanning(false)
            onText(withLine(text, found.text))
          }}
        />
      )}
    </>
  )
}
