type Message = Record<string, unknown>

/**
 * Remembers which calls wait for an answer, so that a core that dies leaves none of them waiting for ever.
 * The answer may be retried: what was stored is stored, and `once` keeps a retry from doing a thing twice.
 */
export function createInterruptedAnswers(): {
  asked(message: Message): void
  answered(message: Message): void
  takeAll(): Message[]
} {
  const waiting = new Set<string | number>()
  return {
    asked(message) {
      const id = callId(message)
      if (id !== null) waiting.add(id)
    },
    answered(message) {
      const id = callId(message)
      if (id !== null) waiting.delete(id)
    },
    takeAll() {
      const answers = [...waiting].map((id) => ({
        id,
        error: {
          code: 'INTERNAL',
          message:
            'The part of Duplex that talks to relays stopped and was started again. Please try once more.',
          details: { retryable: true },
        },
      }))
      waiting.clear()
      return answers
    },
  }
}

function callId(message: Message): string | number | null {
  const id = message['id']
  return typeof id === 'string' || typeof id === 'number' ? id : null
}
