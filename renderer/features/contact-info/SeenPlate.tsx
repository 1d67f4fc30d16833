import type { Contact } from '#core/contract'
import { shortName, t } from '../../i18n/index.ts'
import { hasEnded, ownSeed, useStore } from '../../state/index.ts'
import { Avatar, CutPlate, Name } from '../../ui/index.ts'
import s from './ContactInfo.module.css'

/** The same two places as before connecting: what they see of me, and what I see of them. */
export function SeenPlate({ contact }: { contact: Contact }) {
  const me = useStore((all) => all.profile)
  const seed = useStore((all) => ownSeed(all.profiles, contact.profileId))
  const incognito = contact.incognitoProfile
  const mine = incognito ?? me
  const theirs = contact.profile
  return (
    <CutPlate
      mine={incognito ? 'veil' : 'petrol'}
      testId="info-seen"
      state={incognito ? 'incognito' : 'profile'}
      start={
        mine && (
          <div className={s['half']}>
            <p className={s['caption']}>
              {t(hasEnded(contact) ? 'contactInfo.appeared' : 'contactInfo.appear')}
            </p>
            <Avatar
              seed={seed}
              name={mine.displayName}
              image={mine.image}
              incognito={incognito ? 'self' : undefined}
            />
            <span data-testid="info-appear" data-name={mine.displayName} className={s['side']}>
              <Name cut className={s['strong']}>
                {shortName(mine.displayName)}
              </Name>
            </span>
            {incognito && <p className={s['caption']}>{t('contactInfo.appear.incognito')}</p>}
          </div>
        )
      }
      end={
        <div className={`${s['half'] ?? ''} ${s['theirs'] ?? ''}`}>
          <p className={s['caption']}>{t('contactInfo.youSee')}</p>
          <Avatar seed={contact.contactId} name={theirs.displayName} image={theirs.image} />
          <span className={s['side']}>
            <Name cut className={s['strong']}>
              {shortName(theirs.displayName)}
            </Name>
          </span>
        </div>
      }
    />
  )
}
