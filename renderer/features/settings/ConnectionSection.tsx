import type { Network, RelayEntry, SilentRelay } from '#core/contract'
import { clockTime, t } from '../../i18n/index.ts'
import { isIdentityProblem, relayHost } from '../../state/index.ts'
import { Button, Switch } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import s from './ConnectionSection.module.css'
import { EmbeddedAddress } from './EmbeddedAddress.tsx'
import type { NetworkModel, NetworkState } from './network-model.ts'

export interface ConnectionSectionProps {
  model: NetworkModel
  state: NetworkState
  network: Network
  relays: readonly RelayEntry[]
}

/** The relay of this computer, and how it goes with all of them now. */
export function ConnectionSection({ model, state, network, relays }: ConnectionSectionProps) {
  const { embedded } = network
  const relay = relays.find((one) => one.embedded)
  const status = relays.some((one) => one.enabled) ? network.state : 'none'
  return (
    <section className={s['section']} aria-labelledby="network-connection">
      <h2 id="network-connection" className={text['strong']}>
        {t('settings.network.connection')}
      </h2>
      <div className={s['card']}>
        <div
          className={s['line']}
          data-testid="embedded-relay"
          data-state={embedded.trouble?.reason ?? (embedded.on ? 'on' : 'off')}
        >
          <Switch
            label={t('settings.network.embedded.title')}
            help={
              embedded.trouble
                ? t(`settings.network.embedded.${embedded.trouble.reason}`, {
                    port: embedded.trouble.port ?? 0,
                  })
                : t(`settings.network.embedded.${embeddedState(network)}`)
            }
            checked={embedded.on}
            disabled={state.busy}
            onChecked={(on) => void model.setEmbedded(on)}
          />
          {embedded.on && embedded.address !== null && (
            <EmbeddedAddress
              address={embedded.address}
              reachableFrom={embedded.reachableFrom}
              run={state.tests.get(embedded.address)}
              busy={state.busy}
              queues={relay?.queues ?? 0}
              model={model}
            />
          )}
        </div>
        {network.silent.length > 0 && <SilentRelays silent={network.silent} />}
        <div className={s['line']} data-testid="network-state" data-state={network.state}>
          <div className={s['status']}>
            <div>
              <p className={s['name']}>{t('settings.network.status')}</p>
              <p className={text['sub']}>
                {t('settings.network.status.since', {
                  state: t(`settings.network.status.${status}`),
                  time: clockTime(network.since),
                  waiting: network.waitingToSend,
                })}
              </p>
            </div>
            <Button size="s" onClick={() => void model.retry()}>
              {t('settings.network.refresh')}
            </Button>
          </div>
        </div>
      </div>
    </section>
  )
}

function embeddedState({ embedded, choice }: Network): 'on' | 'off' | 'idle' | 'stays' {
  if (!embedded.on) return embedded.inUse ? 'off' : 'idle'
  return choice !== 'embedded' && embedded.inUse ? 'stays' : 'on'
}

/** Which relays do not answer, since when, and what of ours is there: also those of the other side. */
function SilentRelays({ silent }: { silent: readonly SilentRelay[] }) {
  return (
    <div className={s['line']} data-testid="network-silent">
      <p className={s['name']} id="network-silent">
        {t('settings.network.silent')}
      </p>
      <ul className={s['silent']} aria-labelledby="network-silent">
        {silent.map((relay) => (
          <li key={relay.address} data-testid="network-silent-relay" data-state={relay.state}>
            <span className={s['host']}>
              {relay.embedded ? t('settings.network.silent.here') : relayHost(relay.address)}
            </span>
            <span className={text['sub']}>
              {t('settings.network.silent.since', {
                state: t(`settings.network.state.${isIdentityProblem(relay) ? 'identity' : relay.state}`),
                time: clockTime(relay.since),
              })}
              {'. '}
              {t('settings.network.silent.used', { count: relay.queues })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
