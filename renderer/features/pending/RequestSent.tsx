import { useState } from 'react'
import { Signpost } from 'lucide-react'
import type { Connection } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { Banner, TextLink } from '../../ui/index.ts'
import { DeleteDialog } from './DeleteDialog.tsx'

/** In the place of the composer: whoever owns the address decides when writing begins (flows 8). */
export function RequestSent({ connection }: { connection: Connection }) {
  const [cancelling, setCancelling] = useState(false)
  const waits = connection.phase === 'requested'
  return (
    <>
      <Banner
        tone="them"
        icon={Signpost}
        testId="request-sent"
        state={connection.phase}
        action={
          waits && <TextLink onPress={() => setCancelling(true)}>{t('pending.request.cancel')}</TextLink>
        }
      >
        {t(waits ? 'pending.request.sent' : 'pending.request.accepted')}
      </Banner>
      {cancelling && <DeleteDialog connection={connection} onClose={() => setCancelling(false)} />}
    </>
  )
}
