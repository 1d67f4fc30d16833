import type { Reach } from '#core/contract'
import { t } from '../../i18n/index.ts'

/**
 * The message around a link, for somebody who may have no app yet. A web address leads to a page that tells the rest; of
 * any other link the message itself says what to get, what to do, and why no browser opens it.
 */
export function messageWith(kind: 'invitation' | 'address', link: string, reach: Reach | null): string {
  const start = t(kind === 'invitation' ? 'newChat.share.body' : 'address.share.body', { link })
  const limited = reach === null || reach === 'internet' ? [] : [t(`reach.message.${reach}`)]
  const how = link.startsWith('https:') ? [] : [t('reach.message.get'), t('reach.message.do')]
  const more = [...limited, ...how]
  return more.length === 0 ? start : `${start}\n\n${more.join('\n')}`
}
