import { Link } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useStore } from '../../state/index.ts'
import { Banner } from '../../ui/index.ts'

/** A link started the app: it waits until there is somebody to connect (ONB-6). It is named, never shown. */
export function HeldLink() {
  const held = useStore((state) => state.app?.heldLink ?? false)
  if (!held) return null
  return (
    <Banner tone="them" icon={Link} role="status" testId="held-link">
      {t('onboarding.heldLink')}
    </Banner>
  )
}
