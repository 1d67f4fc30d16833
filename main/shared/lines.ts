import type { Readable } from 'node:stream'
import { MAX_MESSAGE } from './door.ts'

const NEWLINE = 0x0a

/**
 * Lines of UTF-8 from a stream. A line longer than the envelope allows is read past, and given as a text that is no JSON,
 * so that the door refuses it and the next line is heard again.
 */
export function onLines(input: Readable, onLine: (line: string) => void): void {
  let pieces: Buffer[] = []
  let length = 0
  const finish = (): void => {
    const line = length > MAX_MESSAGE ? TOO_LONG : Buffer.concat(pieces).toString('utf8')
    pieces = []
    length = 0
    if (line.trim() !== '') onLine(line)
  }
  const add = (piece: Buffer): void => {
    length += piece.length
    if (length > MAX_MESSAGE) pieces = []
    else pieces.push(piece)
  }
  input.on('data', (chunk: Buffer) => {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at))
      finish()
      from = at + 1
    }
    if (from < chunk.length) add(chunk.subarray(from))
  })
}

const TOO_LONG = '(too long)'
