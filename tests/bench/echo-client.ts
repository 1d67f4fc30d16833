import { deadline, systemClock } from '#core/base'
import { BLOCK_SIZE, type RelayAddress } from '#core/protocol'
import { type Blocks, dialTls } from '#core/transport'

/** Blocks that go to the echo and come back, as many at once as somebody asks for. */
export class EchoClient {
  readonly #blocks: Blocks
  readonly #waiting: (() => void)[] = []
  readonly #block = new Uint8Array(BLOCK_SIZE).fill(7)

  constructor(blocks: Blocks) {
    this.#blocks = blocks
    blocks.onBlock(() => this.#waiting.shift()?.())
    blocks.resume()
  }

  static async connect(address: RelayAddress): Promise<EchoClient> {
    using limit = deadline(systemClock, 60_000, undefined)
    const { blocks } = await dialTls(address, { signal: limit.signal, clock: systemClock })
    return new EchoClient(blocks)
  }

  echo(): Promise<void> {
    this.#blocks.send(this.#block).catch(() => {})
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  close(): void {
    this.#blocks.close()
  }
}
