import { useState } from 'react'
import type { Connection } from '#core/contract'
import { pendingTitle, t } from '../../i18n/index.ts'
import type { MessageKey } from '../../i18n/index.ts'
import { tallyState, useRouter } from '../../state/index.ts'
import { Button, PaneBar, TallyTile } from '../../ui/index.ts'
import { DeleteDialog } from './DeleteDialog.tsx'

function way({ kind, role }: Connection): MessageKey {
  if (kind === 'address') return role === 'creator' ? 'pending.address.mine' : 'pending.address.theirs'
  return role === 'creator' ? 'pending.mine' : 'pending.theirs'
}

/** Name of the connection, which way it goes, and its end. */
export function PendingBar({ connection }: { connection: Connection }) {
  const router = useRouter()
  const [deleting, setDeleting] = useState(false)
  return (
    <>
      <PaneBar
        lead={
          <TallyTile
            state={tallyState(connection)}
            size={36}
            incognito={connection.incognitoProfile !== null}
          />
        }
        title={pendingTitle(connection)}
        sub={t(way(connection))}
        onBack={() => router.openRow(null)}
        actions={
          <Button tone="danger" size="s" data-testid="pending-delete" onClick={() => setDeleting(true)}>
            {t('pending.delete')}
          </Button>
        }
      />
      {deleting && <DeleteDialog connection={connection} onClose={() => setDeleting(false)} />}
    </>
  )
}
