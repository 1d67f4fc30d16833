import { describe, expect, it } from 'vitest'
import { messageWith } from '../../../renderer/features/hand-over/message.ts'

const WEB = 'https://relay.example.org/i#a/b?p=5223&c=d'
const APP = 'simplex:/i#a/b?h=relay.example.org&c=d'

describe('the message around a link', () => {
  it('leaves the rest to the page where the link opens one', () => {
    for (const kind of ['invitation', 'address'] as const) {
      const message = messageWith(kind, WEB, 'internet')
      expect(message.endsWith(`\n\n${WEB}`)).toBe(true)
    }
  })

  it('else says in two lines what to get and what to do, and why no browser opens it', () => {
    for (const kind of ['invitation', 'address'] as const) {
      const [, link, more = ''] = messageWith(kind, APP, 'internet').split('\n\n')
      expect(link).toBe(APP)
      const lines = more.split('\n')
      expect(lines).toHaveLength(2)
      expect(lines[0]).toMatch(/SimpleX Chat.*Duplex/)
      expect(lines[1]).toMatch(/paste this whole link.*browser cannot open it/)
    }
  })

  it('says before that who can use the link, where that is not everybody', () => {
    const here = messageWith('invitation', APP, 'this-computer').split('\n').at(-3)
    const near = messageWith('address', APP, 'local-network').split('\n').at(-3)
    expect(here).toContain('only on the computer')
    expect(near).toContain('same local network')
    expect(messageWith('invitation', WEB, 'local-network')).toContain('same local network')
  })
})
