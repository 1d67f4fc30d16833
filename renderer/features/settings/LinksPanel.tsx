import { useCallback, useEffect, useState } from 'react'
import type { LinkScheme, SchemeOwner } from '../../host/index.ts'
import { t } from '../../i18n/index.ts'
import { useHost } from '../../state/index.ts'
import { Banner, Button } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import panel from './NetworkPanel.module.css'
import s from './ConnectionSection.module.css'

/** Which program this computer opens links in, and the way to change that. What a link does is asked every time. */
export function LinksPanel() {
  const host = useHost()
  const [owners, setOwners] = useState<readonly SchemeOwner[]>([])
  const [refused, setRefused] = useState(false)
  const read = useCallback(
    () =>
      host.linkSchemes().then(
        (found) => setOwners(found),
        () => setOwners([]),
      ),
    [host],
  )
  // another program may have taken a scheme while this window was behind it
  useEffect(() => {
    void read()
    return host.onFocus(() => void read())
  }, [host, read])
  const claim = async (scheme: LinkScheme): Promise<void> => {
    setRefused(!(await host.claimScheme(scheme).catch(() => false)))
    await read()
  }
  return (
    <div className={panel['panel']} data-testid="settings-links">
      <header className={panel['head']}>
        <h1 className={text['head']}>{t('settings.links.title')}</h1>
        <p className={text['sub']}>{t('settings.links.lead')}</p>
      </header>
      {refused && (
        <Banner tone="bad" role="alert">
          {t('settings.links.refused')}
        </Banner>
      )}
      {owners.length > 0 && (
        <div className={s['card']}>
          {owners.map((one) => (
            <div key={one.scheme} className={s['line']} data-scheme={one.scheme} data-state={one.owner}>
              <div className={s['status']}>
                <div>
                  <p className={s['name']}>{t(`settings.links.${one.scheme}`)}</p>
                  <p className={text['sub']}>{ownerWords(one)}</p>
                </div>
                {one.owner !== 'us' && (
                  <Button size="s" onClick={() => void claim(one.scheme)}>
                    {t('settings.links.claim')}
                  </Button>
                )}
              </div>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

function ownerWords({ owner, name }: SchemeOwner): string {
  if (owner !== 'other') return t(`settings.links.${owner}`)
  return name === '' ? t('settings.links.other') : t('settings.links.named', { name })
}
