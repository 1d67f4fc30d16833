import { useState } from 'react'
import type { ContractError } from '#core/contract'
import { toFailure } from '../host/index.ts'

export interface Deed {
  busy: boolean
  /** Why the last try came to nothing. */
  error: ContractError | null
  /** Does it, unless it is being done. What is shown then closes itself in the deed, so success leaves it busy. */
  run: (deed: () => Promise<unknown>) => void
}

/** The one thing that a dialog does. */
export function useDeed(): Deed {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ContractError | null>(null)
  const run = async (deed: () => Promise<unknown>): Promise<void> => {
    if (busy) return
    setBusy(true)
    try {
      await deed()
    } catch (thrown) {
      setError(toFailure(thrown))
      setBusy(false)
    }
  }
  return { busy, error, run: (deed) => void run(deed) }
}
