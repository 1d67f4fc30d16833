import type { Contact, Message } from '../../core/contract/index.ts'
import { type Headless, startHeadless, tempDir, until } from './programs.ts'

/** Somebody with a running core, whatever process it is in at the moment. */
export interface Person {
  name: string
  dataDir: string
  relays: readonly string[]
  core: Headless
}

export async function person(name: string, relays: readonly string[] = []): Promise<Person> {
  const dataDir = tempDir(`duplex-${name.toLowerCase()}`)
  const core = await startHeadless(dataDir, relays)
  await core.call('profile.create', { displayName: name })
  return { name, dataDir, relays, core }
}

/** The same data folder in a new process. */
export async function restart(who: Person, how: 'stop' | 'kill' = 'stop'): Promise<void> {
  if (how === 'kill') await who.core.kill()
  else await who.core.stop()
  who.core = await startHeadless(who.dataDir, who.relays)
}

/** The contact of `who` with this name, as soon as it can be written to from both sides. */
export function contactNamed(who: Person, name: string): Promise<Contact> {
  return until(async () => {
    const contacts = await who.core.call('contact.list', {})
    return contacts.find((contact) => contact.profile.displayName === name && contact.status === 'active')
  })
}

export async function connectPeople(
  creator: Person,
  joiner: Person,
): Promise<{ creatorsContact: Contact; joinersContact: Contact; link: string }> {
  const { link } = await creator.core.call('invitation.create', {})
  await joiner.core.call('connection.connect', { link })
  const [creatorsContact, joinersContact] = await Promise.all([
    contactNamed(creator, joiner.name),
    contactNamed(joiner, creator.name),
  ])
  return { creatorsContact, joinersContact, link }
}

/** Every message of a chat, oldest first, page by page. */
export async function history(who: Person, contactId: string): Promise<Message[]> {
  const all: Message[] = []
  for (;;) {
    const before = all.at(-1)?.messageId
    const page = await who.core.call('chat.messages', {
      contactId,
      limit: 100,
      ...(before !== undefined && { before }),
    })
    if (page.length === 0) return all.toReversed()
    all.push(...page)
  }
}

export async function receivedTexts(who: Person, contactId: string): Promise<string[]> {
  const messages = await history(who, contactId)
  return messages.filter((message) => message.direction === 'in').map((message) => message.content.text)
}

/** Waits until everything that `who` wrote has reached the other device. */
export async function allDelivered(
  who: Person,
  contactId: string,
  count: number,
  patience?: number,
): Promise<void> {
  await until(async () => {
    const sent = (await history(who, contactId)).filter((message) => message.direction === 'out')
    return sent.length === count && sent.every((message) => message.status === 'delivered')
  }, patience)
}

export function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix} ${i + 1}`)
}
