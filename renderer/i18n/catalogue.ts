/** The one catalogue: the areas merged. A key that is missing here does not compile at its use. */
import address from './en/address.json'
import app from './en/app.json'
import chats from './en/chats.json'
import connect from './en/connect.json'
import contactInfo from './en/contact-info.json'
import conversation from './en/conversation.json'
import error from './en/error.json'
import identity from './en/identity.json'
import newChat from './en/new-chat.json'
import onboarding from './en/onboarding.json'
import pending from './en/pending.json'
import reach from './en/reach.json'
import relays from './en/relays.json'
import requests from './en/requests.json'
import scan from './en/scan.json'
import settings from './en/settings.json'
import start from './en/start.json'
import ui from './en/ui.json'
import verify from './en/verify.json'

/** The ICU text, with a hint for translators where the text alone does not say enough. */
export type Entry = string | { text: string; note: string }

const merged = {
  ...address,
  ...app,
  ...chats,
  ...connect,
  ...contactInfo,
  ...conversation,
  ...error,
  ...identity,
  ...newChat,
  ...onboarding,
  ...pending,
  ...reach,
  ...relays,
  ...requests,
  ...scan,
  ...settings,
  ...start,
  ...ui,
  ...verify,
}

export type MessageKey = keyof typeof merged

const catalogue: Readonly<Record<string, Entry>> = merged

export const messageKeys: readonly string[] = Object.keys(catalogue)

export function sourceText(key: string): string | undefined {
  const entry = catalogue[key]
  return typeof entry === 'object' ? entry.text : entry
}
