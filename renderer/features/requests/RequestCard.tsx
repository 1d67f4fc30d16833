import { useEffect, useRef, useState } from 'react'
import { Info, Signpost, VenetianMask } from 'lucide-react'
import type { Request } from '#core/contract'
import { errorText, fullTime, shortName, t } from '../../i18n/index.ts'
import { useRouter, useServices, useStore, useViewModel } from '../../state/index.ts'
import { Avatar, Banner, Button, Chip, cx, Icon, Name, Phrase, TextLink } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { linkShowsName, RequestModel } from './request-model.ts'
import s from './RequestCard.module.css'

const LONGEST_ABOUT = 500 // ours: far more than apps let anybody say of themselves

/** Who asks, what they wrote, and the decision, with the name that each answer shows on its own button. */
export function RequestCard({ request }: { request: Request }) {
  const { host, toasts } = useServices()
  const router = useRouter()
  const [model] = useState(() => new RequestModel(host, request))
  const state = useViewModel(model)
  const pane = useRef<HTMLElement>(null)
  const { focusPane } = router.state
  useEffect(() => void model.suggest(), [model])
  useEffect(() => pane.current?.focus(), [focusPane])

  const gone = state.gone || request.state === 'gone'
  const back = (): void => router.openRow(null, router.state.requests ? 'requests' : 'chats')
  const reject = async (ignoreRepeats: boolean): Promise<void> => {
    if (!(await model.reject(ignoreRepeats))) return
    back()
    toasts.show({ text: t(gone ? 'requests.removed' : 'requests.rejected'), mark: 'check' })
  }
  return (
    <main
      ref={pane}
      className={s['pane']}
      id="main"
      tabIndex={-1}
      data-testid="request-card"
      data-state={gone ? 'gone' : request.state}
    >
      <div className={s['narrow']}>
        <Button tone="quiet" size="s" flush="start" onClick={back}>
          {t('app.back')}
        </Button>
      </div>
      <article className={s['card']}>
        <Who request={request} />
        {request.message !== null && request.message !== '' && (
          <p className={s['message']} dir="auto" data-testid="request-message">
            {request.message}
          </p>
        )}
        <p className={s['tip']}>
          <Icon of={Info} size="m" />
          <span>{t('requests.notProof')}</span>
        </p>
        <div className={s['line']} />
        {state.error && (
          <Banner tone="bad" role="alert" title={t('requests.error')}>
            {errorText(state.error)}
          </Banner>
        )}
        {request.state === 'failed' && !state.error && (
          <Banner tone="bad" title={t('requests.error')}>
            {t('requests.failed')}
          </Banner>
        )}
        {gone ? (
          <Banner
            tone="bad"
            role="alert"
            title={t('requests.gone')}
            action={
              <Button busy={state.busy === 'reject'} onClick={() => void reject(false)}>
                {t('requests.remove')}
              </Button>
            }
          >
            {t('requests.gone.text')}
          </Banner>
        ) : request.state === 'accepting' ? (
          <Banner tone="them" role="status">
            {t('requests.accepting')}
          </Banner>
        ) : (
          <Decision model={model} addressId={request.addressId} onReject={(ignore) => void reject(ignore)} />
        )}
      </article>
    </main>
  )
}

function Who({ request }: { request: Request }) {
  const { profile, repeats, addressLabel, createdAt } = request
  const fullName = profile.fullName ?? ''
  const about = profile.description ?? ''
  return (
    <div className={s['who']}>
      <Avatar seed={request.requestId} name={profile.displayName} image={profile.image} size={72} />
      <div className={s['words']}>
        <h1 className={s['name']}>
          <Name>{shortName(profile.displayName)}</Name>
        </h1>
        {fullName !== '' && (
          <p className={text['sub']}>
            <Name cut>{shortName(fullName)}</Name>
          </p>
        )}
        {about !== '' && (
          <p className={cx(text['sub'], s['about'])} dir="auto" data-testid="request-about">
            {about.slice(0, LONGEST_ABOUT)}
          </p>
        )}
        <p className={s['when']}>
          <time dateTime={createdAt}>{t('requests.asked', { time: fullTime(createdAt) })}</time>
          {addressLabel !== null && (
            <Chip tone="me" icon={<Icon of={Signpost} size="s" />}>
              {t('requests.through', { label: shortName(addressLabel) })}
            </Chip>
          )}
          {repeats > 0 && <Chip tone="them">{t('requests.repeats', { count: repeats + 1 })}</Chip>}
        </p>
      </div>
    </div>
  )
}

interface DecisionProps {
  model: RequestModel
  addressId: string | null
  onReject: (ignore: boolean) => void
}

function Decision({ model, addressId, onReject }: DecisionProps) {
  const { busy, suggested } = useViewModel(model)
  const shown = useStore((all) => addressId !== null && linkShowsName(all.addresses.get(addressId)))
  const me = useStore((all) => all.profile?.displayName ?? '')
  return (
    <>
      <div className={s['choices']}>
        <Button
          tone="primary"
          size="l"
          className={s['choice']}
          busy={busy === 'accept'}
          data-testid="request-accept"
          onClick={() => void model.accept(false)}
        >
          <Phrase id="requests.accept" name={shortName(me)} />
        </Button>
        <Button
          size="l"
          className={s['choice']}
          busy={busy === 'incognito'}
          icon={<Icon of={VenetianMask} />}
          data-testid="request-accept-incognito"
          onClick={() => void model.accept(true)}
        >
          {t('requests.incognito')}
        </Button>
      </div>
      {suggested && (
        <p className={s['random']}>
          <span data-testid="request-suggested" data-name={suggested.profile.displayName}>
            <Phrase id="requests.incognito.name" name={suggested.profile.displayName} />
          </span>{' '}
          <TextLink onPress={() => void model.suggest()}>{t('requests.incognito.other')}</TextLink>
        </p>
      )}
      {shown && (
        <p className={s['random']} data-testid="request-link-shows">
          <Phrase id="requests.incognito.linkShows" name={shortName(me)} />
        </p>
      )}
      <div className={s['reject']}>
        <Button
          tone="quiet-danger"
          size="s"
          flush="start"
          busy={busy === 'reject'}
          data-testid="request-reject"
          onClick={() => onReject(false)}
        >
          {t('requests.reject')}
        </Button>
        <Button tone="quiet" size="s" onClick={() => onReject(true)}>
          {t('requests.reject.ignore')}
        </Button>
        <span className={s['silent']}>{t('requests.silent')}</span>
      </div>
    </>
  )
}
