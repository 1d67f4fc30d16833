import { expect } from 'vitest'
import { concatBytes, EMPTY } from '#core/base'
import {
  aesGcmOpen,
  aesGcmSeal,
  blockChains,
  box,
  boxTagLast,
  chainStep,
  decodePkcs8,
  decodeSpki,
  ed25519PublicKey,
  ed448PublicKey,
  encodePkcs8,
  encodeSpki,
  hkdfSha512,
  nonceFrom,
  openAuthenticator,
  openBox,
  openBoxTagLast,
  rootStep,
  sealAuthenticator,
  sha256,
  sha3_256,
  sha3_384,
  sha512,
  signWith,
  stepBlockChain,
  verifyWith,
  x25519,
  x25519PublicKey,
  x448,
  x448PublicKey,
  type KeyAlgorithm,
} from '#core/crypto'
import { bytes8, encode, pad, padLong, toBase64Url, fromBase64Url, unpad, unpadLong } from '#core/encoding'
import { contactLinkKeys, invitationLinkKey } from '../../core/agent/wire/index.ts'
import { base64, bytes, expectBytes, expectRefused, vectorFile } from './harness.ts'

const algorithm = (name: string): KeyAlgorithm => name.toLowerCase() as KeyAlgorithm

const publicKeyOf: Readonly<Record<KeyAlgorithm, (privateKey: Uint8Array) => Uint8Array>> = {
  ed25519: ed25519PublicKey,
  ed448: ed448PublicKey,
  x25519: x25519PublicKey,
  x448: x448PublicKey,
}

interface Key {
  algorithm: string
  privateKey: string
  privateKeyDer: string
  publicKey: string
  publicKeyDer: string
  publicKeyDerSha256: string
  publicKeyEncoded: string
  publicKeyString: string
}

vectorFile('keys', (file) => {
  file.list('keys', (c: Key) => {
    const kind = algorithm(c.algorithm)
    const raw = bytes(c.publicKey)
    expectBytes(publicKeyOf[kind](bytes(c.privateKey)), c.publicKey)
    expectBytes(encodeSpki({ algorithm: kind, raw }), c.publicKeyDer)
    expect(decodeSpki(bytes(c.publicKeyDer))).toEqual({ algorithm: kind, raw })
    expectBytes(encodePkcs8({ algorithm: kind, raw: bytes(c.privateKey) }), c.privateKeyDer)
    expect(decodePkcs8(bytes(c.privateKeyDer))).toEqual({ algorithm: kind, raw: bytes(c.privateKey) })
    expectBytes(sha256(bytes(c.publicKeyDer)), c.publicKeyDerSha256)
    expectBytes(encode(bytes8, bytes(c.publicKeyDer)), c.publicKeyEncoded)
    expect(toBase64Url(bytes(c.publicKeyDer))).toBe(c.publicKeyString)
    expectBytes(fromBase64Url(c.publicKeyString), c.publicKeyDer)
  })
  file.list(
    'dh',
    (c: {
      algorithm: string
      privateKeyA: string
      privateKeyB: string
      publicKeyA: string
      publicKeyB: string
      sharedSecret: string
    }) => {
      const agree = algorithm(c.algorithm) === 'x448' ? x448 : x25519
      expectBytes(agree(bytes(c.privateKeyA), bytes(c.publicKeyB)), c.sharedSecret)
      expectBytes(agree(bytes(c.privateKeyB), bytes(c.publicKeyA)), c.sharedSecret)
    },
  )
  file.list('invalidPublicKeys', (c: { der: string; expected: string }) => {
    expectRefused(() => {
      const key = decodeSpki(bytes(c.der))
      if (key.algorithm !== algorithm(c.expected))
        throw Object.assign(new Error('other kind'), { code: 'kind' })
    }, c.der)
  })
  file.list(
    'signatures',
    (c: {
      algorithm: string
      message: string
      privateKey: string
      publicKey: string
      signature: string
      signatureEncoded: string
    }) => {
      const kind = algorithm(c.algorithm)
      const key = { algorithm: kind, raw: bytes(c.publicKey) }
      const signature = signWith({ algorithm: kind, raw: bytes(c.privateKey) }, bytes(c.message))
      expectBytes(signature, c.signature)
      expectBytes(encode(bytes8, signature), c.signatureEncoded)
      expect(verifyWith(key, bytes(c.message), signature)).toBe(true)
      expect(verifyWith(key, concatBytes(bytes(c.message), EMPTY, Uint8Array.of(1)), signature)).toBe(false)
    },
  )
})

interface ChainLink {
  chainKey: string
  nextChainKey: string
}

vectorFile('kdf', (file) => {
  file.list(
    'digests',
    (c: { message: string; sha256: string; sha512: string; sha3_256: string; sha3_384: string }) => {
      const message = bytes(c.message)
      expectBytes(sha256(message), c.sha256)
      expectBytes(sha512(message), c.sha512)
      expectBytes(sha3_256(message), c.sha3_256)
      expectBytes(sha3_384(message), c.sha3_384)
    },
  )
  file.list('hkdfSha512', (c: { salt: string; ikm: string; info: string; length: number; output: string }) =>
    expectBytes(hkdfSha512(bytes(c.salt), bytes(c.ikm), c.info, c.length), c.output),
  )
  file.list(
    'chainKdf',
    (steps: (ChainLink & { messageKey: string; messageIV: string; headerIV: string })[]) => {
      for (const c of steps) {
        const step = chainStep(bytes(c.chainKey))
        expectBytes(step.chainKey, c.nextChainKey)
        expectBytes(step.messageKey, c.messageKey)
        expectBytes(step.bodyIv, c.messageIV)
        expectBytes(step.headerIv, c.headerIV)
      }
    },
  )
  file.list(
    'rootKdf',
    (c: {
      rootKey: string
      peerPublicKey: string
      ownPrivateKey: string
      kemSharedSecret: string | null
      newRootKey: string
      chainKey: string
      nextHeaderKey: string
    }) => {
      const kem = c.kemSharedSecret === null ? undefined : bytes(c.kemSharedSecret)
      const step = rootStep(bytes(c.rootKey), bytes(c.peerPublicKey), bytes(c.ownPrivateKey), kem)
      expectBytes(step.rootKey, c.newRootKey)
      expectBytes(step.chainKey, c.chainKey)
      expectBytes(step.nextHeaderKey, c.nextHeaderKey)
    },
  )
  file.list(
    'transportChains',
    (c: {
      sessionId: string
      dhSecret: string
      serverSndChainKey: string
      serverRcvChainKey: string
      serverSndChain: (ChainLink & { sbKey: string; nonce: string })[]
      serverRcvChain: (ChainLink & { sbKey: string; nonce: string })[]
    }) => {
      const chains = blockChains(bytes(c.sessionId), bytes(c.dhSecret))
      expectBytes(chains.serverSend, c.serverSndChainKey)
      expectBytes(chains.clientSend, c.serverRcvChainKey)
      for (const link of [...c.serverSndChain, ...c.serverRcvChain]) {
        const step = stepBlockChain(bytes(link.chainKey))
        expectBytes(step.next, link.nextChainKey)
        expectBytes(step.key, link.sbKey)
        expectBytes(step.nonce, link.nonce)
      }
    },
  )
  file.list(
    'linkKeys',
    (c: { linkKey: string; contactLinkId: string; contactSbKey: string; invitationSbKey: string }) => {
      const { linkId, key } = contactLinkKeys(bytes(c.linkKey))
      expectBytes(linkId, c.contactLinkId)
      expectBytes(key, c.contactSbKey)
      expectBytes(invitationLinkKey(bytes(c.linkKey)), c.invitationSbKey)
    },
  )
})

interface Boxed {
  key: string
  nonce: string
  message: string
  ciphertext: string
  paddedLen: number
}

vectorFile('secretbox', (file) => {
  file.list(
    'cryptoBox',
    (c: Omit<Boxed, 'key'> & { privateKeyA: string; publicKeyB: string; dhSecret: string }) => {
      const secret = x25519(bytes(c.privateKeyA), bytes(c.publicKeyB))
      expectBytes(secret, c.dhSecret)
      expectBytes(box(secret, bytes(c.nonce), pad(bytes(c.message), c.paddedLen)), c.ciphertext)
      expectBytes(unpad(openBox(secret, bytes(c.nonce), bytes(c.ciphertext))), c.message)
    },
  )
  file.list('secretBox', (c: Boxed) => {
    expectBytes(box(bytes(c.key), bytes(c.nonce), pad(bytes(c.message), c.paddedLen)), c.ciphertext)
    expectBytes(unpad(openBox(bytes(c.key), bytes(c.nonce), bytes(c.ciphertext))), c.message)
  })
  file.list('noPad', (c: Boxed & { reversedNonce: string }) => {
    expectBytes(box(bytes(c.key), bytes(c.nonce), bytes(c.message)), c.ciphertext)
    expectBytes(openBox(bytes(c.key), bytes(c.nonce), bytes(c.ciphertext)), c.message)
    expectBytes(bytes(c.nonce).toReversed(), c.reversedNonce)
  })
  file.list('mustFail', (c: { key: string; nonce: string; ciphertext: string }) =>
    expectRefused(() => openBox(bytes(c.key), bytes(c.nonce), bytes(c.ciphertext)), c.ciphertext),
  )
  file.list('nonceFromBytes', (c: { input: string; nonce: string }) =>
    expectBytes(nonceFrom(bytes(c.input)), c.nonce),
  )
  file.list('tailTag', (c: Boxed) => {
    const padded = padLong(bytes(c.message), c.paddedLen)
    expectBytes(boxTagLast(bytes(c.key), bytes(c.nonce), padded), c.ciphertext)
    expectBytes(unpadLong(openBoxTagLast(bytes(c.key), bytes(c.nonce), bytes(c.ciphertext))), c.message)
  })
  file.list(
    'authenticators',
    (c: {
      authenticator: string
      entityPrivateKey: string
      entityPublicKey: string
      serverPrivateKey: string
      serverPublicKey: string
      message: string
      nonce: string
    }) => {
      const [nonce, message] = [bytes(c.nonce), bytes(c.message)]
      const sealed = sealAuthenticator(bytes(c.entityPrivateKey), bytes(c.serverPublicKey), nonce, message)
      expectBytes(sealed, c.authenticator)
      const opens = (text: Uint8Array): boolean =>
        openAuthenticator(x25519(bytes(c.serverPrivateKey), bytes(c.entityPublicKey)), nonce, text, sealed)
      expect(opens(message)).toBe(true)
      expect(opens(concatBytes(message, Uint8Array.of(0)))).toBe(false)
    },
  )
})

interface Aead {
  key: string
  iv: string
  message: string
  ciphertext: string
  authTag: string
}

vectorFile('aead', (file) => {
  file.list('padded16', (c: Aead & { associatedData: string; paddedLen: number }) => {
    const [key, iv, aad] = [bytes(c.key), bytes(c.iv), bytes(c.associatedData)]
    const sealed = aesGcmSeal(key, iv, aad, pad(bytes(c.message), c.paddedLen))
    expectBytes(sealed.ciphertext, c.ciphertext)
    expectBytes(sealed.tag, c.authTag)
    expectBytes(unpad(aesGcmOpen(key, iv, aad, bytes(c.authTag), bytes(c.ciphertext))), c.message)
  })
  file.list('noPad12', (c: Aead) => {
    const sealed = aesGcmSeal(bytes(c.key), bytes(c.iv), EMPTY, bytes(c.message))
    expectBytes(sealed.ciphertext, c.ciphertext)
    expectBytes(sealed.tag, c.authTag)
    expectBytes(
      aesGcmOpen(bytes(c.key), bytes(c.iv), EMPTY, bytes(c.authTag), bytes(c.ciphertext)),
      c.message,
    )
  })
})

interface Block {
  block: string
  plaintext: string
}

vectorFile('blocks', (file) => {
  file.list(
    'sessions',
    (c: {
      sessionId: string
      clientDhPrivateKey: string
      serverDhPrivateKey: string
      dhSecret: string
      blockEncoding: 'hex' | 'base64'
      blockSize: number
      clientToServer: Block[]
      serverToClient: Block[]
    }) => {
      const dh = x25519(bytes(c.clientDhPrivateKey), x25519PublicKey(bytes(c.serverDhPrivateKey)))
      expectBytes(dh, c.dhSecret)
      const chains = blockChains(bytes(c.sessionId), dh)
      const check = (start: Uint8Array, blocks: readonly Block[]): void => {
        let chain = start
        for (const { block, plaintext } of blocks) {
          const { next, key, nonce } = stepBlockChain(chain)
          const wire = c.blockEncoding === 'hex' ? bytes(block) : base64(block)
          expect(wire.length).toBe(c.blockSize)
          const sealed = box(key, nonce, pad(bytes(plaintext), c.blockSize - 16))
          expect(Buffer.compare(sealed, wire)).toBe(0)
          expectBytes(unpad(openBox(key, nonce, wire)), plaintext)
          chain = next
        }
      }
      check(chains.serverSend, c.serverToClient)
      check(chains.clientSend, c.clientToServer)
    },
  )
})
