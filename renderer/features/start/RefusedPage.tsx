import { t } from '../../i18n/index.ts'
import { StartPage } from './StartPage.tsx'

/** The address was used already, here or by somebody else: the way to a new one. */
export function RefusedPage() {
  return (
    <StartPage
      title={t('start.refused.title')}
      lead={t('start.refused.text')}
      rows={[
        { name: t('start.row.tab'), text: t('start.row.tab.text'), action: null },
        { name: t('start.row.address'), text: t('start.row.address.text'), action: null },
      ]}
    />
  )
}
