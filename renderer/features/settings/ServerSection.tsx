import { Plus } from 'lucide-react'
import type { RelayEntry } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { Button, Icon } from '../../ui/index.ts'
import { ownRelays, presetRelays } from '../../state/index.ts'
import text from '../../styles/text.module.css'
import { AddServers } from './AddServers.tsx'
import type { NetworkModel, NetworkState } from './network-model.ts'
import s from './ServerSection.module.css'
import { ServerRow } from './ServerRow.tsx'

export interface ServerSectionProps {
  kind: 'own' | 'preset'
  model: NetworkModel
  state: NetworkState
  relays: readonly RelayEntry[]
}

/** My own relays, always, so that one can be added; the preset ones while there are any. */
export function ServerSection({ kind, model, state, relays }: ServerSectionProps) {
  const shown = kind === 'own' ? ownRelays(relays) : presetRelays(relays)
  if (kind === 'preset' && shown.length === 0) return null
  return (
    <section className={s['section']} aria-labelledby={`servers-${kind}`}>
      <div className={s['head']}>
        <h2 id={`servers-${kind}`} className={text['strong']}>
          {t(`settings.network.${kind}`)}
        </h2>
        {kind === 'own' && state.adding === null && (
          <Button size="s" icon={<Icon of={Plus} size="m" />} onClick={() => model.openForm()}>
            {t('settings.network.add')}
          </Button>
        )}
      </div>
      {kind === 'own' && state.adding !== null && (
        <AddServers model={model} form={state.adding} busy={state.busy} />
      )}
      {shown.length === 0 ? (
        <p className={text['sub']}>{t('settings.network.none')}</p>
      ) : (
        <ul className={s['card']}>
          {shown.map((relay) => (
            <ServerRow
              key={relay.address}
              relay={relay}
              run={state.tests.get(relay.address)}
              busy={state.busy}
              model={model}
            />
          ))}
        </ul>
      )}
    </section>
  )
}
