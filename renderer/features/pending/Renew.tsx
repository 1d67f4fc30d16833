import { useState } from 'react'
import type { Connection } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import { Button } from '../../ui/index.ts'
import { renewLink } from './renew.ts'

/** Makes another link in the place of this one and opens its row. */
export function Renew({ connection }: { connection: Connection }) {
  const { busy, renew } = useRenew(connection)
  const over = connection.phase === 'expired'
  return (
    <Button size="s" busy={busy} data-testid="pending-renew" onClick={() => void renew()}>
      {t(over ? 'pending.again' : 'pending.replace')}
    </Button>
  )
}

export function useRenew(connection: Connection): { busy: boolean; renew: () => Promise<void> } {
  const { host, store, router, toasts } = useServices()
  const [busy, setBusy] = useState(false)
  const renew = async (): Promise<void> => {
    setBusy(true)
    try {
      const made = await renewLink(host, connection)
      if (!made) return
      store.putConnection(made)
      router.openRow(made.rowId)
      toasts.show({ text: t('pending.renewed'), mark: 'check' })
    } catch (thrown) {
      toasts.show({ text: errorText(toFailure(thrown)), mark: 'problem' })
    } finally {
      setBusy(false)
    }
  }
  return { busy, renew }
}
