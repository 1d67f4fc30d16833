import { createCipheriv, createHash, createPrivateKey } from 'node:crypto'

/**
 * What this runtime's own crypto can do. Node is built on OpenSSL and has all of it; Electron is built on BoringSSL
 * and lacks X448, Ed448 and SHA-3, which noble then stands in for. Probed once, by use: version numbers do not tell.
 */
export type RuntimeFeature = 'x448' | 'ed448' | 'sha3' | 'aes-gcm-iv16'

const probes: Record<RuntimeFeature, () => unknown> = {
  x448: () => jwkKey('X448', 56),
  ed448: () => jwkKey('Ed448', 57),
  sha3: () => createHash('sha3-384').update('').digest(),
  'aes-gcm-iv16': () => {
    const cipher = createCipheriv('aes-256-gcm', new Uint8Array(32), new Uint8Array(16))
    cipher.final()
    return cipher.getAuthTag()
  },
}

function jwkKey(crv: string, length: number): unknown {
  const zeros = Buffer.alloc(length).toString('base64url')
  return createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv, d: zeros, x: zeros } })
}

const known = new Map<RuntimeFeature, boolean>()

export function runtimeHas(feature: RuntimeFeature): boolean {
  let answer = known.get(feature)
  if (answer === undefined) {
    try {
      probes[feature]()
      answer = true
    } catch {
      answer = false
    }
    known.set(feature, answer)
  }
  return answer
}
