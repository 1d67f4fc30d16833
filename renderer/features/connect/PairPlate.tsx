import { CircleUser } from 'lucide-react'
import type { Plan, Profile } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { Avatar, CutPlate, cx, Icon, Name } from '../../ui/index.ts'
import s from './PairPlate.module.css'

export interface PairPlateProps {
  /** `null`: nothing is chosen yet, or the random name is still to be made. */
  mine: Profile | null
  /** Of my tile. */
  seed: string
  incognito: boolean
  preview: Plan['preview']
}

/** Always the same two places: what they will see of me, and what I see of them. */
export function PairPlate({ mine, seed, incognito, preview }: PairPlateProps) {
  const theirs = preview?.profile
  return (
    <CutPlate
      mine={incognito ? 'veil' : 'petrol'}
      start={
        <div>
          <p className={s['caption']}>{t('connect.theySee')}</p>
          <div className={s['who']}>
            {mine ? (
              <Avatar
                seed={seed}
                name={mine.displayName}
                image={mine.image}
                incognito={incognito ? 'self' : undefined}
              />
            ) : (
              <span className={cx(s['nobody'], s['mine'])} aria-hidden="true">
                <Icon of={CircleUser} size="l" />
              </span>
            )}
            <div className={s['words']}>
              {mine ? (
                <Name cut className={s['name']}>
                  {mine.displayName}
                </Name>
              ) : (
                <p className={s['name']}>{t(incognito ? 'identity.incognito' : 'connect.mine.nobody')}</p>
              )}
              <p className={s['more']}>
                {mine === null && !incognito
                  ? null
                  : mine?.image === undefined
                    ? t('connect.mine.noPicture')
                    : t('connect.mine.picture')}
              </p>
              {mine?.description && (
                <p className={s['more']}>
                  <Name cut>{mine.description}</Name>
                </p>
              )}
            </div>
          </div>
        </div>
      }
      end={
        <div className={s['they']}>
          <p className={s['caption']}>{theirs ? t('connect.asWritten') : t('connect.youSee')}</p>
          <div className={s['who']}>
            {theirs ? (
              <Avatar seed="preview" name={theirs.displayName} image={theirs.image} />
            ) : (
              <span className={s['nobody']} aria-hidden="true">
                <Icon of={CircleUser} size="l" />
              </span>
            )}
            <div className={s['words']}>
              {theirs ? (
                <Name cut className={s['name']}>
                  {theirs.displayName}
                </Name>
              ) : (
                <p className={s['name']}>{t('connect.theyHold')}</p>
              )}
              {theirs?.fullName && (
                <p className={s['more']}>
                  <Name cut>{theirs.fullName}</Name>
                </p>
              )}
              <p className={s['more']}>
                {theirs ? <Name cut>{theirs.description ?? ''}</Name> : t('connect.theyLater')}
              </p>
            </div>
          </div>
        </div>
      }
    />
  )
}
