/** What comes from around the page. Links that the system gave to this program, as the core lets them through: each goes to its check (flows 10). */
import type { ContractEvent } from '#core/contract'
import { t } from '../i18n/index.ts'
import type { Services } from '../state/index.ts'

export function followOutside(services: Services): void {
  services.host.onEvent((event) => {
    if (event.event === 'link.opened') opened(services, event.data)
  })
  services.host.onCameBack(() => services.toasts.show({ text: t('app.cameBack') }))
}

/** The newest wins: a check that still stands open gives way, and the person is told (LND-6). */
function opened({ router, toasts }: Services, { text, replaced }: LinkOpened): void {
  const { overlay } = router
  const gaveWay = overlay?.name === 'connect' && overlay.text !== text
  router.connect(text, true)
  if (replaced || gaveWay) toasts.show({ text: t('app.outside.replaced') })
}

type LinkOpened = (ContractEvent & { event: 'link.opened' })['data']
