/** Entropy comes in through here, so that tests can seed it. The real one is `systemRandom` of `#core/crypto`. */
export interface Random {
  bytes(length: number): Uint8Array
}
