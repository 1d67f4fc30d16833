/**
 * app: puts the rooms of the window together: services, routes, overlays, shortcuts, notifications.
 * It has no screen of its own but the start and the stumble. Start at `App.tsx`.
 */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../styles/tokens.css'
import '../styles/base.css'
import { closePeerWays, createHost, hostLanguage } from '../host/index.ts'
import { setLanguage } from '../i18n/index.ts'
import { App } from './App.tsx'
import { giveMenuWords } from './menu-words.ts'
import { followNotifications } from './notifications.ts'
import { followOnline } from './online.ts'
import { followOutside } from './outside.ts'
import { followFocus } from './focus.ts'
import { ignoreStrayDrops } from './drops.ts'
import { followPlace } from './place.ts'
import { createServices } from './services.ts'
import { applyTheme } from './theme.ts'
import { followTitle } from './title.ts'

closePeerWays()
setLanguage(hostLanguage())
const services = createServices(createHost())
applyTheme(services.host)
giveMenuWords(services.host)
ignoreStrayDrops()
followFocus()
followPlace(services)
followNotifications(services)
followOnline(services.host)
followOutside(services)
followTitle(services)
void services.store.load()

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')
createRoot(root).render(
  <StrictMode>
    <App services={services} />
  </StrictMode>,
)
