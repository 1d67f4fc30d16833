import type { Connection, TimelineStep } from '#core/contract'
import { t } from '../../i18n/index.ts'
import type { MessageKey } from '../../i18n/index.ts'

export interface Step {
  title: MessageKey
  /** `null` where nothing is to be said. */
  line: string
  /** Who did it, on whose lane it stands; `null` while it is not done. */
  lane: 'you' | 'they' | null
  at: string | null
}

/** The way through an address: asked, let in, ready. */
function addressSteps(connection: Connection, me: string): readonly Step[] {
  const { role, phase, status, createdAt, updatedAt } = connection
  const by = connection.incognitoProfile?.displayName ?? me
  const mine = role === 'joiner'
  const accepted = !mine || phase !== 'requested'
  return [
    {
      title: 'pending.step.asked',
      line: mine ? t('pending.made.appear', { name: by }) : t('pending.step.asked.theirs'),
      lane: mine ? 'you' : 'they',
      at: createdAt,
    },
    {
      title: 'pending.step.accepted',
      line: mine ? t('pending.step.accepted.theirs') : t('pending.made.appear', { name: by }),
      lane: accepted ? (mine ? 'they' : 'you') : null,
      at: accepted && !mine ? updatedAt : null,
    },
    {
      title: 'pending.step.ready',
      line: t('pending.step.ready.open'),
      lane: status === 'connected' ? 'they' : null,
      at: null,
    },
  ]
}

function keysLine(agreed: boolean, mine: boolean, read: boolean): MessageKey {
  if (agreed) return 'pending.step.keys.done'
  if (!mine) return 'pending.step.keys.wait'
  return read ? 'pending.step.keys.confirm' : 'pending.step.keys.open'
}

/** The steps of a connection on its way. Only what is known has a time. */
export function steps(
  connection: Connection,
  me: string,
  timeline: readonly TimelineStep[] = [],
): readonly Step[] {
  if (connection.kind === 'address') return addressSteps(connection, me)
  const { role, status, phase, createdAt } = connection
  const mine = role === 'creator'
  const when = (what: TimelineStep['what']): string | null =>
    timeline.find((step) => step.what === what)?.at ?? null
  const opened = status === 'connecting' || status === 'connected'
  const read = opened || phase === 'opened' || when('opened') !== null
  const shared = read || phase === 'shared' || when('shared') !== null || !mine
  const keys = mine ? opened : phase === 'connecting' || status === 'connected'
  const ready = status === 'connected'
  const by = connection.incognitoProfile?.displayName ?? me
  const all: Step[] = mine
    ? [
        {
          title: 'pending.step.made',
          line: t('pending.made.appear', { name: by }),
          lane: 'you',
          at: createdAt,
        },
        {
          title: 'pending.step.shared',
          line: t(shared ? 'pending.step.shared.done' : 'pending.step.shared.open'),
          lane: shared ? 'you' : null,
          at: when('shared'),
        },
        ...(phase === 'opened' || when('opened') !== null
          ? [
              {
                title: 'pending.step.opened' as const,
                line: t('pending.step.opened.done'),
                lane: 'they' as const,
                at: when('opened'),
              },
            ]
          : []),
      ]
    : [
        {
          title: 'pending.step.used',
          line: t('pending.made.appear', { name: by }),
          lane: 'you',
          at: createdAt,
        },
      ]
  if (status === 'failed') {
    const expired = phase === 'expired'
    all.push({
      title: expired ? 'pending.step.expired' : 'pending.step.failed',
      line: t(expired ? 'pending.step.expired.done' : 'pending.step.failed.done'),
      lane: 'you',
      at: when(expired ? 'expired' : 'failed'),
    })
    return all
  }
  all.push({
    title: 'pending.step.keys',
    line: t(keysLine(keys, mine, read)),
    lane: keys ? 'they' : null,
    at: when('keys-agreed'),
  })
  all.push({
    title: 'pending.step.ready',
    line: t('pending.step.ready.open'),
    lane: ready ? 'they' : null,
    at: when('ready'),
  })
  return all
}
