import { useEffect, useState } from 'react'
import type { Connection } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { LONGEST_PRIVATE_NAME, PrivateName, useServices, useViewModel } from '../../state/index.ts'
import { TextField } from '../../ui/index.ts'

/** The private name of the connection; it saves itself and later names the contact (INV-4, PEN-1). */
export function NameField({ connection }: { connection: Connection }) {
  const { host, store } = useServices()
  const { connectionId } = connection
  const [model] = useState(
    () =>
      new PrivateName(connection.name, async (name) => {
        store.putConnection(await host.call('connection.setName', { connectionId, name }))
      }),
  )
  const { value, error } = useViewModel(model)
  useEffect(() => () => void model.flush(), [model])
  return (
    <TextField
      label={t(connection.role === 'creator' ? 'pending.for' : 'pending.name.theirs')}
      aside={t('pending.for.aside')}
      placeholder={t('pending.for.placeholder')}
      value={value}
      error={error && errorText(error)}
      onValue={(next) => model.setValue(next)}
      onBlur={() => void model.flush()}
      maxLength={LONGEST_PRIVATE_NAME}
      autoComplete="off"
      data-testid="pending-name"
    />
  )
}
