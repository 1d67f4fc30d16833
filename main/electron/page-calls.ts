type Message = Record<string, unknown>

/**
 * Gives every call of the page a number of its own. A page that was loaded anew counts from one again: without
 * this, its ids would be still in use at the core, and it would get answers to questions that it never asked.
 */
export function createPageCalls(): {
  /** The message as the core gets it. */
  outward(message: Message): Message
  /** A call of the shell itself, whose answer goes nowhere. */
  own(method: string, params: Message): Message
  /** The message as the page gets it; null for an answer that nobody waits for any more. */
  inward(message: Message): Message | null
  /** The page started anew, or the core did: nothing that is out is waited for. */
  forget(): void
} {
  const waiting = new Map<number, unknown>()
  let next = 1

  function numberOf(id: unknown): number | undefined {
    for (const [number, known] of waiting) if (known === id) return number
    return undefined
  }

  return {
    outward(message) {
      const number = next++
      const params = message['params']
      const cancelled =
        message['method'] === 'call.cancel' && isMessage(params) ? numberOf(params['id']) : undefined
      waiting.set(number, message['id'])
      return { ...message, id: number, ...(cancelled === undefined ? {} : { params: { id: cancelled } }) }
    },
    own: (method, params) => ({ id: next++, method, params }),
    inward(message) {
      const number = message['id']
      if (typeof number !== 'number') return message
      if (!waiting.has(number)) return null
      const id = waiting.get(number)
      waiting.delete(number)
      return { ...message, id }
    },
    forget: () => waiting.clear(),
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null
}
