import { useEffect, useRef, useState } from 'react'
import { t } from '../../i18n/index.ts'
import { useHost, useViewModel } from '../../state/index.ts'
import { AlertDialog, Spinner } from '../../ui/index.ts'
import { shownAs } from '../identity/index.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { ConnectModel } from './connect-model.ts'
import type { ConnectResult } from './connect-model.ts'
import { PlanAlert } from './PlanAlert.tsx'
import { AskRelay, Held, Whose } from './Questions.tsx'
import s from './Words.module.css'

export type { ConnectResult } from './connect-model.ts'

export interface ConnectFlowProps {
  /** Text that holds one link, as it was pasted. */
  text: string
  /** It came from the system: nothing is chosen for the person, and what they decide can be undone for a moment. */
  outside?: boolean
  /** Called once, when nothing is left to show. */
  onClose: (result: ConnectResult) => void
  /** The link is already known here: what it is, while the alert about it shows (CHL-3). */
  onKnown?: (ids: { connectionId: string | null; contactId: string | null }) => void
}

/** From a pasted link to a connection, or to the reason why not. One dialog for one text (PLN-4). */
export function ConnectFlow(props: ConnectFlowProps) {
  return <Flow key={props.text} {...props} />
}

function Flow({ text, outside = false, onClose, onKnown }: ConnectFlowProps) {
  const host = useHost()
  const [model] = useState(() => new ConnectModel(host, text, { outside }))
  const state = useViewModel(model)
  useEffect(() => model.start(), [model])
  const result = state.tag === 'closed' ? state.result : null
  const told = useRef(false)
  useEffect(() => {
    if (result === null || told.current) return
    told.current = true
    onClose(result)
  }, [result, onClose])

  const alert = state.tag === 'alert' ? state.alert : null
  const known = alert !== null && 'connectionId' in alert ? alert : null
  useEffect(() => {
    if (known !== null) onKnown?.(known)
  }, [known, onKnown])

  switch (state.tag) {
    case 'checking':
      return <Checking slow={state.slow} onCancel={() => model.cancel()} />
    case 'confirm':
      return <ConfirmDialog model={model} state={state} />
    case 'whose':
      return <Whose model={model} why={state.why} profiles={state.profiles} />
    case 'relay':
      return <AskRelay model={model} address={state.address} warnings={state.warnings} />
    case 'held':
      return (
        <Held
          model={model}
          seconds={state.seconds}
          name={shownAs(state.appearing)?.displayName ?? t('identity.incognito')}
        />
      )
    case 'alert':
      return <PlanAlert model={model} alert={state.alert} />
    case 'closed':
      return null
  }
}

const QUICK_MS = 150 // ours: an answer from this computer alone comes sooner, and nothing flashes

function Checking({ slow, onCancel }: { slow: boolean; onCancel: () => void }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUICK_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return null
  return (
    <AlertDialog
      open
      onClose={onCancel}
      title={t('connect.checking')}
      testId="connect-checking"
      state={slow ? 'slow' : 'checking'}
      actions={[]}
    >
      <p className={s['checking']} role="status">
        <Spinner />
        {slow ? t('connect.checking.slow') : t('connect.checking.text')}
      </p>
    </AlertDialog>
  )
}
