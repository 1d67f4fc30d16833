import { Mail, MessageSquareText, Share } from 'lucide-react'
import type { Reach } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Button, Icon, Menu } from '../../ui/index.ts'
import { messageWith } from './message.ts'

/** How it went, for the eye and for a live region. */
export interface Said {
  text: string
  good: boolean
}

export interface ShareMenuProps {
  link: string
  /** Who can use it. */
  reach: Reach | null
  onSaid: (said: Said) => void
  onShared: () => void
}

/** Ways to hand the link over with a few words around it. Each counts as shared. */
export function ShareMenu({ link, reach, onSaid, onShared }: ShareMenuProps) {
  const host = useHost()
  const body = messageWith('invitation', link, reach)
  const copyMessage = async (): Promise<void> => {
    try {
      await host.copyText(body)
      onSaid({ text: t('newChat.share.copied'), good: true })
      onShared()
    } catch {
      onSaid({ text: t('newChat.copyFailed'), good: false })
    }
  }
  const draft = async (): Promise<void> => {
    const subject = t('newChat.share.subject')
    if (await host.mailDraft({ subject, body }).catch(() => false)) onShared()
    else onSaid({ text: t('newChat.share.noMail'), good: false })
  }
  return (
    <Menu
      trigger={<Button icon={<Icon of={Share} size="m" />}>{t('newChat.share')}</Button>}
      items={[
        {
          id: 'copy',
          label: t('newChat.share.copy'),
          icon: <Icon of={MessageSquareText} size="m" />,
          onPress: () => void copyMessage(),
        },
        {
          id: 'mail',
          label: t('newChat.share.mail'),
          icon: <Icon of={Mail} size="m" />,
          onPress: () => void draft(),
        },
      ]}
    />
  )
}
