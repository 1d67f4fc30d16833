import { useState } from 'react'
import { ArrowLeft, Download, Plus, Printer } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useServices, useViewModel } from '../../state/index.ts'
import { Button, Icon } from '../../ui/index.ts'
import { givable, type SeveralModel } from './several-model.ts'
import s from './CardFooter.module.css'

/** Under the form the way back to one link; under what was made the ways to paper. */
export function SeveralFooter({ model, onBack }: { model: SeveralModel; onBack: () => void }) {
  const { toasts } = useServices()
  const { phase, links } = useViewModel(model)
  const [busy, setBusy] = useState(false)
  if (phase !== 'made')
    return (
      <Button
        tone="quiet"
        flush="start"
        icon={<Icon of={ArrowLeft} size="m" />}
        disabled={phase === 'making'}
        onClick={onBack}
      >
        {t('newChat.several.back')}
      </Button>
    )
  const none = givable(links).length === 0
  const hand = async (way: 'save' | 'print'): Promise<void> => {
    setBusy(true)
    try {
      if (way === 'print') await model.print()
      else if (await model.savePage(t('newChat.several.file')))
        toasts.show({ text: t('newChat.several.saved'), mark: 'check' })
    } catch {
      toasts.show({ text: t(`newChat.several.${way}.failed`), mark: 'problem' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button tone="quiet" flush="start" icon={<Icon of={Plus} size="m" />} onClick={() => model.makeMore()}>
        {t('newChat.several.more')}
      </Button>
      <Button
        className={s['end']}
        icon={<Icon of={Download} size="m" />}
        disabled={none || busy}
        onClick={() => void hand('save')}
      >
        {t('newChat.several.save')}
      </Button>
      <Button
        tone="primary"
        icon={<Icon of={Printer} size="m" />}
        disabled={none || busy}
        onClick={() => void hand('print')}
      >
        {t('newChat.several.print')}
      </Button>
    </>
  )
}
