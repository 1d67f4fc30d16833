import { useEffect, useRef, useState } from 'react'
import type { Contact } from '#core/contract'
import { toFailure } from '../../host/index.ts'
import { errorText, fullTime, shortName, t } from '../../i18n/index.ts'
import { useRouter, useServices } from '../../state/index.ts'
import { Banner, Button } from '../../ui/index.ts'
import s from './CodeNotice.module.css'

/** Under the header: the code has changed, or one quiet suggestion to compare it. Each can be dismissed. */
export function CodeNotice({ contact }: { contact: Contact }) {
  const { host, store, toasts } = useServices()
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const { contactId, codeChangedAt, suggestVerify, verifiedAt } = contact
  useEffect(() => {
    // a day passes without an event, and the core knows what time it is: asked when the chat is opened
    if (verifiedAt !== null || codeChangedAt !== null || suggestVerify) return
    host.call('contact.get', { contactId }).then(
      (now) => now.suggestVerify && store.putContact(now),
      () => undefined,
    )
  }, [host, store, contactId, verifiedAt, codeChangedAt, suggestVerify])
  if (codeChangedAt === null && !suggestVerify) return null
  const name = shortName(contact.name)
  const changed = codeChangedAt !== null
  const dismiss = async (): Promise<void> => {
    setBusy(true)
    const field = box.current?.closest('main')?.querySelector('textarea')
    try {
      const what = changed ? 'codeChange' : 'verify'
      store.putContact(await host.call('contact.update', { contactId, dismiss: what }))
      // the button that was pressed is gone
      field?.focus()
    } catch (error) {
      toasts.show({ text: errorText(toFailure(error)), mark: 'problem' })
    }
    setBusy(false)
  }
  return (
    <div className={s['notice']} ref={box}>
      <Banner
        tone={changed ? 'bad' : 'plain'}
        testId="verify-notice"
        state={changed ? 'changed' : 'suggested'}
        title={changed ? t('verify.changed.title', { name }) : undefined}
        action={
          <span className={s['deeds']}>
            <Button size="s" onClick={() => router.toggleVerify(true)}>
              {t('verify.compare')}
            </Button>
            <Button size="s" tone="quiet" busy={busy} onClick={() => void dismiss()}>
              {t(changed ? 'verify.changed.dismiss' : 'verify.ask.dismiss')}
            </Button>
          </span>
        }
      >
        {changed ? t('verify.changed.text', { time: fullTime(codeChangedAt) }) : t('verify.ask', { name })}
      </Banner>
    </div>
  )
}

/** Above the field: why what is written does not go out. */
export function HoldNotice({ contact }: { contact: Contact }) {
  const router = useRouter()
  if (!contact.holdUntilVerified || contact.verifiedAt !== null) return null
  return (
    <div className={s['hold']}>
      <Banner
        tone="them"
        testId="hold-notice"
        action={
          <Button size="s" onClick={() => router.toggleVerify(true)}>
            {t('verify.compare')}
          </Button>
        }
      >
        {t('verify.hold.waits', { name: shortName(contact.name) })}
      </Banner>
    </div>
  )
}
