/**
 * Loaded before the installer of Electron (`node --import`), which says nothing while it downloads: shows how far it is,
 * and ends it when no byte has come for a minute. As long as some come, it may take as long as it takes.
 */
const STALL_MS = 60_000
const MEGABYTE = 1_000_000

export interface Watch {
  stallMs: number
  /** `total` is null where the other side does not say. */
  onBytes(done: number, total: number | null): void
  onStall(): void
}

/** A `fetch` whose answers are counted while they are read. */
export function watchedFetch(original: typeof fetch, { stallMs, onBytes, onStall }: Watch): typeof fetch {
  return async (...request) => {
    let timer = setTimeout(onStall, stallMs)
    const again = (): void => {
      clearTimeout(timer)
      timer = setTimeout(onStall, stallMs)
    }
    try {
      const answer = await original(...request)
      if (answer.body === null) return answer
      const size = Number(answer.headers.get('content-length') ?? 0)
      let done = 0
      const counted = answer.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(piece, out) {
            again()
            done += piece.length
            onBytes(done, size > 0 ? size : null)
            out.enqueue(piece)
          },
          flush: () => clearTimeout(timer),
        }),
      )
      const { status, statusText, headers } = answer
      return new Response(counted, { status, statusText, headers })
    } catch (error) {
      clearTimeout(timer)
      throw error
    }
  }
}

/** On a terminal one line that counts, elsewhere a line for every tenth. */
export function progressLines(write: (text: string) => void, terminal: boolean): Watch['onBytes'] {
  let told = -1
  return (done, total) => {
    const part = total === null ? Math.floor(done / (10 * MEGABYTE)) : Math.floor((done / total) * 10)
    const step = terminal ? Math.floor(done / MEGABYTE) : part
    if (step === told) return
    told = step
    const of = total === null ? '' : ` of ${Math.round(total / MEGABYTE)}`
    write(`${terminal ? '\r' : ''}Electron: ${Math.floor(done / MEGABYTE)}${of} MB${terminal ? '' : '\n'}`)
  }
}

if (process.env['DUPLEX_WATCH_DOWNLOAD'] === 'yes') {
  const write = (text: string): void => void process.stderr.write(text)
  globalThis.fetch = watchedFetch(globalThis.fetch, {
    stallMs: STALL_MS,
    onBytes: progressLines(write, process.stderr.isTTY),
    onStall() {
      write(`\nNo byte has come for ${STALL_MS / 1000} s.\n`)
      process.exit(1)
    },
  })
}
