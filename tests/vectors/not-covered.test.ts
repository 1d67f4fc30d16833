import { describe, it } from 'vitest'
import { presentFiles } from './harness.ts'

const KEM = 'post-quantum KEM'

/** Files whose whole subject comes later. */
const later: Readonly<Record<string, string>> = {
  'ratchet-pq': KEM,
  'kem-sntrup761': KEM,
  'kem-sntrup761-random': KEM,
}

/** Files that a test beside this one reads. */
const covered = new Set([
  'aead',
  'agent-messages',
  'blocks',
  'e2e-envelope',
  'encodings',
  'full-stack',
  'handshakes',
  'haskell-connection-requests',
  'haskell-core',
  'haskell-short-links',
  'kdf',
  'keys',
  'link-data',
  'links-full',
  'links-short',
  'padding',
  'ratchet',
  'secretbox',
  'smp-commands',
  'smp-errors',
  'smp-message-body',
  'smp-proxy',
  'smp-responses',
  'smp-transmissions',
  'strings',
  'versions',
  'web-handshake',
  'x3dh',
])
describe('vector files that no test reads', () => {
  const notCovered = presentFiles().filter((file) => !covered.has(file))
  for (const file of notCovered) {
    it.skip(`${file}: not covered yet: ${later[file] ?? 'a file that no test knows'}`, () => {})
  }
  it('are named in the output', () => {
    for (const file of notCovered) {
      console.log(`${file}: not covered yet: ${later[file] ?? 'a file that no test knows'}`)
    }
  })
})
