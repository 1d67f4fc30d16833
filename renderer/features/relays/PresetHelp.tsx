import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { presetTerms } from './preset-terms.ts'
import s from './PresetHelp.module.css'

/** Who runs the preset servers, who can use links that are made there, and the way to the operators' terms. */
export function PresetHelp() {
  const host = useHost()
  return (
    <>
      {t('relays.preset.text')}{' '}
      <a
        className={s['terms']}
        href={presetTerms}
        onClick={(event) => {
          event.preventDefault()
          void host.openExternal(presetTerms)
        }}
      >
        {t('relays.preset.terms')}
      </a>
    </>
  )
}
