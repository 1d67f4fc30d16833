import { Download, Ellipsis, IdCard, Image } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Icon, IconButton, Menu } from '../../ui/index.ts'
import type { InvitationModel } from './invitation-model.ts'

export interface ImageMenuProps {
  model: InvitationModel
  name: string
  onSaid: (said: { text: string; good: boolean }) => void
}

/** The code as a picture: to a file, as a card with a hint how to use it, or to the clipboard. Each counts as shared. */
export function ImageMenu({ model, name, onSaid }: ImageMenuProps) {
  const host = useHost()
  const hand = async (style: 'code' | 'card', way: 'save' | 'copy'): Promise<void> => {
    try {
      const picture = await model.picture(style)
      if (way === 'copy') await host.copyPicture(picture)
      else if (!(await host.savePicture(t('newChat.image.name', { name }).trim(), picture))) return
      onSaid({ text: t(`newChat.image.${way}`), good: true })
      await model.markShared()
    } catch {
      onSaid({ text: t(`newChat.image.${way}.failed`), good: false })
    }
  }
  return (
    <Menu
      trigger={
        <IconButton label={t('newChat.image')}>
          <Icon of={Ellipsis} size="m" />
        </IconButton>
      }
      items={[
        {
          id: 'save',
          label: t('newChat.image.saveIt'),
          icon: <Icon of={Download} size="m" />,
          onPress: () => void hand('code', 'save'),
        },
        {
          id: 'card',
          label: t('newChat.image.card'),
          icon: <Icon of={IdCard} size="m" />,
          onPress: () => void hand('card', 'save'),
        },
        {
          id: 'copy',
          label: t('newChat.image.copyIt'),
          icon: <Icon of={Image} size="m" />,
          onPress: () => void hand('code', 'copy'),
        },
      ]}
    />
  )
}
