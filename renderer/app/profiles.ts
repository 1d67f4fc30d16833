import { t } from '../i18n/index.ts'
import type { Services } from '../state/index.ts'

/** Makes a profile the active one and says so; what stood open belonged to the other. False when the core refuses. */
export async function switchTo(services: Services, profileId: string | null): Promise<boolean> {
  const { host, store, router, toasts } = services
  const active = store.state.profiles.find((one) => one.active)
  if (profileId === null || active === undefined || active.profileId === profileId) return true
  try {
    const { profile } = await host.call('profile.switch', { profileId })
    router.go({ name: 'chats', rowId: null })
    await store.load()
    toasts.show({ text: t('app.switched', { name: profile.displayName }), mark: 'check' })
    return true
  } catch {
    return false
  }
}
