import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Connection } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, t } from '../../i18n/index.ts'
import { useServices, useStore } from '../../state/index.ts'
import { Banner, Button } from '../../ui/index.ts'
import s from './ReachNote.module.css'

export interface ReachNoteProps extends Pick<Connection, 'reach' | 'stale'> {
  /** Makes another link in the place of this one; absent where that is offered beside it. */
  onRenew?: (() => Promise<void> | void) | undefined
}

/** Who can use a link, where that is not everybody, and the ways out. */
export function ReachNote({ reach, stale, onRenew }: ReachNoteProps) {
  const { host, router, store, toasts } = useServices()
  const embedded = useStore((all) => all.network?.embedded)
  const choice = useStore((all) => all.network?.choice)
  const [busy, setBusy] = useState(false)
  if (stale === null && (reach === null || reach === 'internet')) return null
  const run = async (change: Parameters<typeof host.call<'network.update'>>[1] | null): Promise<void> => {
    setBusy(true)
    try {
      if (change) {
        await host.call('network.update', change)
        await store.reloadRelays()
      }
      await onRenew?.()
    } catch (thrown) {
      toasts.show({ text: errorText(toFailure(thrown)), mark: 'problem' })
    } finally {
      setBusy(false)
    }
  }
  const button = (label: string, onClick: () => void): ReactNode => (
    <Button size="s" busy={busy} onClick={onClick}>
      {label}
    </Button>
  )
  if (stale === 'off')
    return (
      <Note state="off" title={t('reach.off')} text={t('reach.off.text')}>
        {button(
          t('reach.off.on'),
          () =>
            void host
              .call('network.update', { embedded: { on: true } })
              .then(() => store.reloadRelays())
              .catch((thrown: unknown) =>
                toasts.show({ text: errorText(toFailure(thrown)), mark: 'problem' }),
              ),
        )}
      </Note>
    )
  if (stale === 'moved')
    return (
      <Note state="moved" title={t('reach.stale')} text={t('reach.stale.text')}>
        {onRenew && button(t('reach.again'), () => void run(null))}
      </Note>
    )
  const local = reach === 'local-network'
  /** The relay of this computer, which may be opened to the local network. */
  const here = !local && choice === 'embedded' && embedded?.reachableFrom === 'this-computer'
  return (
    <Note
      state={local ? 'local-network' : 'this-computer'}
      title={t(local ? 'reach.local-network' : 'reach.this-computer')}
      text={t(
        local ? 'reach.local-network.text' : here ? 'reach.this-computer.here' : 'reach.this-computer.text',
      )}
    >
      {here && button(t('reach.lan'), () => void run({ embedded: { reachableFrom: 'local-network' } }))}
      {button(t('reach.otherRelay'), () => router.openSettings('network'))}
    </Note>
  )
}

function Note(props: { state: string; title: string; text: string; children: ReactNode }) {
  const { state, title, text, children } = props
  return (
    <Banner tone="them" testId="link-reach" state={state} title={title}>
      {text}
      <span className={s['ways']}>{children}</span>
    </Banner>
  )
}
