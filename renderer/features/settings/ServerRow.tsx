import { useState } from 'react'
import { Copy, Ellipsis, Server, Trash2 } from 'lucide-react'
import type { RelayEntry } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { failedAtCertificate, isIdentityProblem, relayHost, useServices } from '../../state/index.ts'
import { AlertDialog, Banner, Button, Icon, IconButton, Menu, Switch } from '../../ui/index.ts'
import type { TestRun } from '../../state/index.ts'
import type { NetworkModel } from './network-model.ts'
import { RelayChip } from './RelayChip.tsx'
import s from './ServerRow.module.css'
import { TestReport } from './TestReport.tsx'

export interface ServerRowProps {
  relay: RelayEntry
  run: TestRun | undefined
  busy: boolean
  model: NetworkModel
}

export function ServerRow({ relay, run, busy, model }: ServerRowProps) {
  const { host, toasts } = useServices()
  const [removing, setRemoving] = useState(false)
  const name = relayHost(relay.address)
  const testing = run?.tag === 'running'
  const use = relay.enabled ? 'settings.network.queues.on' : 'settings.network.queues.off'
  return (
    <li className={s['row']} data-testid="relay-row" data-state={relay.state} data-enabled={relay.enabled}>
      <div className={s['line']}>
        <Icon of={Server} className={s['icon']} />
        <div className={s['words']}>
          <span className={s['host']}>{name}</span>
          <span className={s['use']}>
            {t(use, { count: relay.queues })}
            {relay.reach !== 'internet' && `. ${t(`settings.network.reach.${relay.reach}`)}`}
          </span>
        </div>
        <span className={s['state']}>
          <RelayChip relay={relay} run={run} />
        </span>
        <Button
          size="s"
          className={s['test']}
          busy={testing}
          aria-label={t('settings.network.test.name', { host: name })}
          onClick={() => void model.test(relay.address)}
        >
          {testing ? t('settings.network.test.running') : t('settings.network.test')}
        </Button>
        <Switch
          bare
          label={t('settings.network.enable', { host: name })}
          checked={relay.enabled}
          disabled={busy}
          onChecked={(on) => void model.setEnabled(relay.address, on)}
        />
        <Menu
          trigger={
            <IconButton size="s" label={t('settings.network.more', { host: name })}>
              <Icon of={Ellipsis} />
            </IconButton>
          }
          items={[
            {
              id: 'copy',
              label: t('settings.network.copyAddress'),
              icon: <Icon of={Copy} size="m" />,
              onPress: () =>
                void host
                  .copyText(relay.address)
                  .then(() => toasts.show({ text: t('settings.network.copied'), mark: 'check' })),
            },
            {
              id: 'remove',
              label: t('settings.network.remove'),
              icon: <Icon of={Trash2} size="m" />,
              tone: 'danger',
              onPress: () => setRemoving(true),
            },
          ]}
        />
      </div>
      {run !== undefined && run.tag !== 'running' && <TestReport run={run} />}
      {isIdentityProblem(relay) && !failedAtCertificate(run) && (
        <Banner tone="bad" title={t('settings.network.identity')}>
          {t('settings.network.identity.text', { host: name })}
        </Banner>
      )}
      <AlertDialog
        open={removing}
        onClose={() => setRemoving(false)}
        title={t('settings.network.remove.title', { host: name })}
        cancelLabel={t('settings.network.remove.cancel')}
        actions={[
          {
            label: t('settings.network.remove.confirm'),
            tone: 'destroy',
            onPress: () => void model.remove(relay.address).then(() => setRemoving(false)),
          },
        ]}
      >
        <p>{t('settings.network.remove.text')}</p>
      </AlertDialog>
    </li>
  )
}
