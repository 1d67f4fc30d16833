import { Download, Ellipsis, IdCard, Image, VenetianMask } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Icon, IconButton, Menu } from '../../ui/index.ts'
import type { Said } from './ShareMenu.tsx'

export interface ImageMenuProps {
  link: string
  /** The random name that the link shows, which is on no card unless it is asked for (INV-12). */
  random: string | null
  onSaid: (said: Said) => void
  onShared: () => void
}

/** The code as a picture: to a file, as a card with a hint how to use it, or to the clipboard. Each counts as shared. */
export function ImageMenu({ link, random, onSaid, onShared }: ImageMenuProps) {
  const host = useHost()
  const hand = async (style: 'code' | 'card', way: 'save' | 'copy', title?: string): Promise<void> => {
    try {
      const named = title === undefined ? {} : { title }
      const { dataUri } = await host.call('link.image', { link, style, format: 'png', ...named })
      if (way === 'copy') await host.copyPicture(dataUri)
      else if (!(await host.saveFile(t('newChat.image.name'), dataUri))) return
      onSaid({ text: t(`newChat.image.${way}`), good: true })
      onShared()
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
          label: t(random === null ? 'newChat.image.card' : 'newChat.image.card.nobody'),
          icon: <Icon of={IdCard} size="m" />,
          onPress: () => void hand('card', 'save'),
        },
        ...(random === null
          ? []
          : [
              {
                id: 'card-named',
                label: t('newChat.image.card.random', { name: random }),
                icon: <Icon of={VenetianMask} size="m" />,
                onPress: () => void hand('card', 'save', random),
              },
            ]),
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
