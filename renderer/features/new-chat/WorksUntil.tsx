import { t } from '../../i18n/index.ts'
import { Picker } from '../../ui/index.ts'
import { WORKS_FOR, type WorksFor } from './works-for.ts'

export interface WorksUntilProps {
  value: WorksFor
  onValue: (worksFor: WorksFor) => void
  disabled: boolean
}

/** When the link stops working by itself. */
export function WorksUntil(props: WorksUntilProps) {
  return (
    <Picker<WorksFor>
      {...props}
      label={t('newChat.works')}
      testId="works-until"
      options={WORKS_FOR.map((value) => ({ value, title: t(`newChat.works.${value}`) }))}
    />
  )
}
