import { AppError, type Facts } from '#core/base'

/** A primitive refused its input: a tag that does not fit, a key of the wrong length, a low-order point. */
export class CryptoError extends AppError {
  constructor(code: `crypto.${string}`, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'CryptoError'
  }
}

/** A relay's certificate chain or session key that smp.md 2.2 and 3.3 tell to refuse. */
export class CertificateError extends AppError {
  constructor(code: `certificate.${string}`, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(code, message, facts, options)
    this.name = 'CertificateError'
  }
}

/** Refuses a key, nonce or seed of the wrong length before it reaches a library. */
export function requireLength(value: Uint8Array, length: number, what: string): void {
  if (value.length !== length) {
    throw new CryptoError('crypto.length', `${what} of the wrong length`, {
      length: value.length,
      expected: length,
    })
  }
}
