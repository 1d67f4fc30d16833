import { t } from '../../i18n/index.ts'
import { TextField } from '../../ui/index.ts'
import { bioSize, LONGEST_BIO } from './bio.ts'

/** One line about oneself, which is seen wherever the profile is. */
export function BioField({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const size = bioSize(value)
  return (
    <TextField
      label={t('identity.bio')}
      aside={t('identity.bio.count', { size, most: LONGEST_BIO })}
      help={t('identity.bio.help')}
      error={size > LONGEST_BIO ? t('identity.bio.tooLong', { over: size - LONGEST_BIO }) : null}
      value={value}
      onValue={onValue}
      autoComplete="off"
      data-testid="own-bio"
    />
  )
}
