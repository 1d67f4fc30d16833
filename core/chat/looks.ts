/** What a text that is no connection link looks like; only ever shown, never opened. */
export type LooksLike = 'web' | 'group' | 'channel' | 'relay' | 'file' | 'name' | 'other-app' | 'text'

/** Hosts whose links belong to another messenger. */
const OTHER_APP_HOSTS = new Set([
  'signal.me',
  'signal.group',
  'signal.art',
  't.me',
  'telegram.me',
  'wa.me',
  'chat.whatsapp.com',
  'threema.id',
  'matrix.to',
  'discord.gg',
  'discord.com',
  'm.me',
  'line.me',
  'element.io',
  'app.wire.com',
  'invite.viber.com',
  'join.skype.com',
])

export function looksOfUrl(text: string): LooksLike {
  const host = /^https?:\/\/(?:[^/@?#]{0,200}@)?([^/:?#]{1,253})/i.exec(text)?.[1]?.toLowerCase()
  if (host === undefined) return 'text'
  return OTHER_APP_HOSTS.has(host.replace(/^www\./, '')) ? 'other-app' : 'web'
}

/** `null` for the web and for our own schemes. */
export function foreignScheme(text: string): LooksLike | null {
  const scheme = /^([a-z][a-z0-9+.-]{0,20}):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined || ['http', 'https', 'simplex', 'duplex', 'smp'].includes(scheme)) return null
  return ['javascript', 'data', 'file', 'blob', 'xftp', 'ntf', 'ftp'].includes(scheme) ? 'text' : 'other-app'
}

/** For a text without anything link-like in it: perhaps a web address typed without its scheme. */
export function looksOfText(text: string): LooksLike {
  const short = text.length <= 2_048 ? text : ''
  return /^(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?$/i.test(short)
    ? looksOfUrl(`https://${short}`)
    : 'text'
}

/**
 * A text of the shapes that this network has: a link that may connect people, a file, or a name to be looked up. `null`
 * for everything else. agent.md 5.1, 5.4
 */
export function ofThisNetwork(text: string): 'connection' | 'file' | 'name' | null {
  if (/^(?:simplex:\/name)?[@#][\p{L}\p{N}]/u.test(text)) return 'name'
  const [, path] = /^(?:simplex:|https:\/\/[^/#?]{1,300})\/([a-z]{0,12})\/?#/i.exec(text) ?? []
  if (path?.toLowerCase() === 'file') return 'file'
  if (text.startsWith('simplex:')) return 'connection'
  return path !== undefined && /^(?:invitation|contact|[iagcrIAGCR])$/.test(path) ? 'connection' : null
}
