import { Copy } from 'lucide-react'
import type { Reach } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { useServices } from '../../state/index.ts'
import { Button, Icon, LinkBox, Switch } from '../../ui/index.ts'
import type { TestRun } from '../../state/index.ts'
import s from './EmbeddedAddress.module.css'
import type { NetworkModel } from './network-model.ts'
import { TestReport } from './TestReport.tsx'

export interface EmbeddedAddressProps {
  address: string
  reachableFrom: Reach | null
  queues: number
  run: TestRun | undefined
  busy: boolean
  model: NetworkModel
}

/** What others would enter as their server, and from where it can be reached. */
export function EmbeddedAddress({ address, reachableFrom, queues, run, busy, model }: EmbeddedAddressProps) {
  const { host, toasts } = useServices()
  const testing = run?.tag === 'running'
  const copy = (): void =>
    void host.copyText(address).then(() => toasts.show({ text: t('settings.network.copied'), mark: 'check' }))
  return (
    <>
      <div className={s['line']}>
        <div className={s['address']}>
          <LinkBox link={address} label={t('settings.network.embedded.address')} testId="embedded-address" />
        </div>
        <Button size="s" icon={<Icon of={Copy} size="m" />} onClick={copy}>
          {t('settings.network.embedded.copy')}
        </Button>
        <Button size="s" busy={testing} onClick={() => void model.test(address)}>
          {testing ? t('settings.network.test.running') : t('settings.network.test')}
        </Button>
      </div>
      <p className={s['reach']}>{t('settings.network.queues', { count: queues })}</p>
      {run !== undefined && run.tag !== 'running' && <TestReport run={run} />}
      <Switch
        label={t('relays.embedded.lan')}
        help={t('settings.network.embedded.lan.text')}
        checked={reachableFrom !== 'this-computer'}
        disabled={busy}
        onChecked={(local) => void model.setReach(local)}
        testId="embedded-reach"
      />
    </>
  )
}
