import { useState } from 'react'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Button } from '../../ui/index.ts'
import type { ButtonProps } from '../../ui/index.ts'

/** Says that it did, and keeps the focus. */
export function CopyButton({ text, children, ...look }: { text: string; children: string } & ButtonProps) {
  const host = useHost()
  const [copied, setCopied] = useState(false)
  const copy = (): void =>
    void host.copyText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <Button {...look} onClick={copy}>
      {copied ? t('start.again.copied') : children}
    </Button>
  )
}
