import { setImmediate as afterInput } from 'node:timers'
import type { WriteTx } from './store.ts'

/** Pieces in one transaction: enough to share the price of a commit, few enough not to keep the process from everything else. */
const MOST_PIECES = 64

interface Piece {
  readonly run: (tx: WriteTx) => void
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Commits for what arrives together. With `synchronous=FULL` the commit is the dear part of storing a message, and while one
 * waits for the disk others arrive: they become one transaction, in order, each undone alone if it throws.
 * It starts when all that has arrived is read (`setImmediate`): no time passes, so this is no matter for a clock.
 */
export class GroupCommit {
  readonly #write: <T>(fn: (tx: WriteTx) => T) => T
  readonly #isOpen: () => boolean
  #waiting: Piece[] = []

  /** `isOpen`: whether a transaction is still there after a piece of it failed. */
  constructor(write: <T>(fn: (tx: WriteTx) => T) => T, isOpen: () => boolean) {
    this.#write = write
    this.#isOpen = isOpen
  }

  add<T>(fn: (tx: WriteTx) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T
      this.#waiting.push({
        run: (tx) => {
          result = fn(tx)
        },
        done: () => resolve(result),
        failed: reject,
      })
      if (this.#waiting.length === 1) afterInput(() => this.#flush())
    })
  }

  #flush(): void {
    const pieces = this.#waiting.splice(0, MOST_PIECES)
    if (this.#waiting.length > 0) afterInput(() => this.#flush())
    const outcomes: (() => void)[] = []
    try {
      this.#write(() => {
        for (const piece of pieces) outcomes.push(this.#runPiece(piece))
      })
    } catch (error) {
      for (const piece of pieces) piece.failed(error)
      return
    }
    for (const tell of outcomes) tell()
  }

  #runPiece(piece: Piece): () => void {
    try {
      this.#write(piece.run)
      return piece.done
    } catch (error) {
      if (!this.#isOpen()) throw error
      return () => piece.failed(error)
    }
  }
}
