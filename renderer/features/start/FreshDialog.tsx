import { useEffect, useState } from 'react'
import { t } from '../../i18n/index.ts'
import { useDeed, useHost } from '../../state/index.ts'
import { AlertDialog, Labelled } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import s from './StartPage.module.css'

/** Begins in a folder beside this one. What is here is not touched, and the dialog says which folder it will be. */
export function FreshDialog({ onClose }: { onClose: () => void }) {
  const host = useHost()
  const deed = useDeed()
  const [folder, setFolder] = useState<string | null>(null)
  useEffect(() => {
    void host.folder('fresh').then(setFolder, () => setFolder(null))
  }, [host])
  return (
    <AlertDialog
      open
      onClose={onClose}
      testId="start-fresh"
      title={t('start.fresh.title')}
      actions={[
        {
          label: t('start.fresh.confirm'),
          busy: deed.busy,
          disabled: folder === null,
          onPress: () => deed.run(() => host.folder('startFresh')),
        },
      ]}
    >
      <p>{t('start.fresh.text')}</p>
      <p>{t('start.fresh.next')}</p>
      {folder !== null && (
        <div className={s['folder']}>
          <Labelled label={t('start.fresh.name')}>
            <span className={text['code']}>{folder}</span>
          </Labelled>
        </div>
      )}
    </AlertDialog>
  )
}
