/** Longest text that is taken for a link from outside: api.md, "The link check" (1 MiB). */
const LONGEST = 1_048_576

export interface OutsideLinks {
  /** A link from the command line, a second start or the system; anything else is passed over. */
  take(text: unknown): void
  pageIsUp(): void
  pageIsGone(): void
}

/**
 * Links on their way from the system to the core. They wait, in memory alone, until a page is there that can show what
 * comes of them; the core then holds them for as long as somebody is still setting up (flows.md 10, LND-6).
 */
export function createOutsideLinks(handOn: (text: string) => void): OutsideLinks {
  let up = false
  let waiting: string[] = []

  function flush(): void {
    if (!up) return
    const texts = waiting
    waiting = []
    for (const text of texts) handOn(text)
  }

  return {
    take(text) {
      if (typeof text !== 'string' || text === '' || text.length > LONGEST) return
      // The newest wins; the one before it is still told of, so that the person hears that it was replaced.
      waiting = [...waiting.slice(-1), text]
      flush()
    },
    pageIsUp() {
      up = true
      flush()
    },
    pageIsGone: () => (up = false),
  }
}
