import { Mail, MessageSquareText, Share } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Button, Icon, Menu } from '../../ui/index.ts'
import type { InvitationModel } from './invitation-model.ts'

export interface ShareMenuProps {
  model: InvitationModel
  link: string
  onSaid: (said: { text: string; good: boolean }) => void
}

/** Ways to hand the link over with a few words around it. Each counts as shared. */
export function ShareMenu({ model, link, onSaid }: ShareMenuProps) {
  const host = useHost()
  const body = t('newChat.share.body', { link })
  const copyMessage = async (): Promise<void> => {
    try {
      await host.copyText(body)
      onSaid({ text: t('newChat.share.copied'), good: true })
      await model.markShared()
    } catch {
      onSaid({ text: t('newChat.copyFailed'), good: false })
    }
  }
  const draft = async (): Promise<void> => {
    const url = `mailto:?subject=${encodeURIComponent(t('newChat.share.subject'))}&body=${encodeURIComponent(body)}`
    if (await host.openExternal(url).catch(() => false)) await model.markShared()
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
