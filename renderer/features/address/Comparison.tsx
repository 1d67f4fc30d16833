import { useState } from 'react'
import { t } from '../../i18n/index.ts'
import { Dialog, TextLink } from '../../ui/index.ts'
import s from './Comparison.module.css'

/** What the two kinds of links differ in, in the order in which people ask (flows 3, NEW-4). */
const subjects = [
  'uses',
  'profile',
  'when',
  'protection',
  'identity',
  'good',
  'exposed',
  'observer',
  'swapped',
] as const

/** *Which one should I use?*, and the table behind it. */
export function WhichOne() {
  const [open, setOpen] = useState(false)
  return (
    <span>
      <TextLink onPress={() => setOpen(true)}>{t('address.which')}</TextLink>
      {open && <Comparison onClose={() => setOpen(false)} />}
    </span>
  )
}

function Comparison({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open width="l" onClose={onClose} title={t('address.which')} testId="link-comparison">
      <table className={s['table']}>
        <thead>
          <tr>
            <th scope="col">{t('address.compare')}</th>
            <th scope="col">{t('address.compare.invitation')}</th>
            <th scope="col">{t('address.compare.address')}</th>
          </tr>
        </thead>
        <tbody>
          {subjects.map((subject) => (
            <tr key={subject}>
              <th scope="row">{t(`address.compare.${subject}`)}</th>
              <td>{t(`address.compare.${subject}.invitation`)}</td>
              <td>{t(`address.compare.${subject}.address`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  )
}
