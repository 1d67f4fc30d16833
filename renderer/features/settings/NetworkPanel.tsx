import { useEffect, useState } from 'react'
import type { RelayChoice, RelayEntry } from '#core/contract'
import { errorText, t } from '../../i18n/index.ts'
import { ownRelays, useServices, useStore, useViewModel } from '../../state/index.ts'
import { Banner, RadioGroup } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { PresetHelp } from '../relays/index.ts'
import { ConnectionSection } from './ConnectionSection.tsx'
import { NetworkModel } from './network-model.ts'
import s from './NetworkPanel.module.css'
import { ServerSection } from './ServerSection.tsx'

/** Where messages wait: the choice of the first run, the servers behind it, and how it goes with them now. */
export function NetworkPanel() {
  const { host, store } = useServices()
  const [model] = useState(() => new NetworkModel(host, () => store.reloadRelays()))
  const state = useViewModel(model)
  // how many links and contacts are at each is told by no event
  useEffect(() => void store.reloadRelays(), [store])
  const relays = useStore((all) => all.relays)
  const network = useStore((all) => all.network)
  if (network === null) return null
  return (
    <div className={s['panel']} data-testid="settings-network" data-state={network.choice}>
      <header className={s['head']}>
        <h1 className={text['head']}>{t('settings.network.title')}</h1>
        <p className={text['sub']}>{t('settings.network.lead')}</p>
      </header>
      <div className={s['choices']}>
        <RadioGroup<RelayChoice>
          label={t('settings.network.choice')}
          hideLabel
          value={network.choice}
          onValue={(choice) => void model.choose(choice, relays)}
          options={[
            {
              value: 'preset',
              title: t('relays.preset'),
              help: <PresetHelp />,
            },
            {
              value: 'own',
              title: t('settings.network.choice.own'),
              help: ownHelp(ownRelays(relays)),
            },
            {
              value: 'embedded',
              title: t('relays.embedded'),
              help: t(
                network.embedded.reachableFrom === 'local-network'
                  ? 'relays.embedded.local-network'
                  : 'relays.embedded.this-computer',
              ),
            },
          ]}
        />
      </div>
      {state.error && (
        <Banner tone="bad" role="alert">
          {errorText(state.error)}
        </Banner>
      )}
      <ServerSection kind="own" model={model} state={state} relays={relays} />
      <ServerSection kind="preset" model={model} state={state} relays={relays} />
      <ConnectionSection model={model} state={state} network={network} relays={relays} />
    </div>
  )
}

function ownHelp(own: readonly RelayEntry[]): string {
  if (own.length === 0) return t('settings.network.choice.own.none')
  const used = own.filter((relay) => relay.enabled).length
  return t('settings.network.choice.own.text', { used, count: own.length })
}
