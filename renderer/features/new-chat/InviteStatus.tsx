import { t } from '../../i18n/index.ts'
import type { MessageKey } from '../../i18n/index.ts'
import { Tally } from '../../ui/index.ts'
import type { TallyState } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import type { CardPhase, InvitationState } from './invitation-model.ts'
import { INCOGNITO } from '../identity/index.ts'
import s from './InviteStatus.module.css'

interface Look {
  tally: TallyState
  title: MessageKey
  text: MessageKey
}

const creating: Look = {
  tally: 'made',
  title: 'newChat.status.creating',
  text: 'newChat.status.creating.text',
}

const looks: Record<CardPhase, Look> = {
  idle: { ...creating, text: 'newChat.status.idle.text' },
  creating,
  error: { tally: 'failed', title: 'newChat.status.error', text: 'newChat.status.error.text' },
  unused: { tally: 'made', title: 'newChat.status.unused', text: 'newChat.warning' },
  shared: { tally: 'made', title: 'newChat.status.shared', text: 'newChat.warning' },
  opened: { tally: 'opened', title: 'newChat.status.opened', text: 'newChat.status.opened.text' },
  expired: { tally: 'expired', title: 'newChat.status.expired', text: 'newChat.status.expired.text' },
  connecting: {
    tally: 'opened',
    title: 'newChat.status.connecting',
    text: 'newChat.status.connecting.text',
  },
  connected: { tally: 'connected', title: 'newChat.status.connected', text: 'newChat.connected.text' },
  failed: { tally: 'failed', title: 'newChat.failed.title', text: 'newChat.failed.text' },
  deleted: { tally: 'expired', title: 'newChat.deleted.title', text: 'newChat.deleted.text' },
}

/** Opened ten minutes ago, and still nobody is there (INV-13). */
const alarm: Look = { tally: 'opened', title: 'newChat.status.alarm', text: 'newChat.status.alarm.text' }

/** Deleted, and somebody is still waiting (INV-7). */
const left: Look = { ...looks.deleted, text: 'newChat.deleted.wait' }

/** What became of the link: in words, then in shape. Announced when it changes. */
export function InviteStatus({ state }: { state: InvitationState }) {
  const look = lookOf(state)
  return (
    <div
      className={s['status']}
      role="status"
      data-testid="invite-status"
      data-state={state.phase === 'error' ? 'failed' : state.phase}
    >
      <Tally state={look.tally} size={28} incognito={state.appearing.chosen === INCOGNITO} />
      <div>
        <p className={text['strong']}>{t(look.title)}</p>
        <p className={s['text']}>{t(look.text)}</p>
      </div>
    </div>
  )
}

function lookOf({ phase, openedAlarm, peerMayWait }: InvitationState): Look {
  if (phase === 'opened' && openedAlarm) return alarm
  if (phase === 'deleted' && peerMayWait) return left
  return looks[phase]
}
