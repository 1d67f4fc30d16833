/**
 * The envelope of the contract on any pipe: calls in, answers and events out. Stdio and the WebSocket of the browser host
 * are two pipes; the desktop window reaches the stdio one through the Electron main process.
 */
import { ContractFailure } from '#core/contract'
import type { ContractError, ContractEvent, ErrorDetails } from '#core/contract'

/** As much of the core as a door needs. */
export interface DoorCore {
  call(method: string, params: unknown, signal: AbortSignal): Promise<unknown>
  onEvent(listener: (event: ContractEvent) => void): () => void
}

export interface Pipe {
  /** Sends one object of the envelope. */
  send(message: object): void
  /** What arrives: a parsed object, or a text that is still JSON. */
  onMessage(listener: (message: unknown) => void): void
}

export interface Door {
  /** Ends its calls and its events; the pipe is its owner's to close. */
  close(): void
}

/** Longest line or message of the envelope, bytes. api.md, "Envelope" */
export const MAX_MESSAGE = 8 * 1_048_576

type CallId = string | number

interface Call {
  readonly controller: AbortController
  /** Settles with whether the call ended as cancelled. */
  readonly ended: Promise<boolean>
}

export function serveDoor(core: DoorCore, pipe: Pipe): Door {
  const calls = new Map<CallId, Call>()
  let open = true
  const send = (message: object): void => {
    if (open) pipe.send(message)
  }
  const stopEvents = core.onEvent(({ event, data }) => send({ event, data }))

  function receive(message: unknown): void {
    if (!open) return
    const request = readRequest(message)
    if ('refused' in request) return send(invalid(null, request.refused))
    if (calls.has(request.id)) return send(invalid(request.id, 'This id belongs to a call that still runs.'))
    if (request.method === 'call.cancel') return cancel(request)
    start(request)
  }

  function start({ id, method, params }: Request): void {
    const controller = new AbortController()
    const running = core.call(method, params, controller.signal)
    const ended = running.then(
      (result) => {
        calls.delete(id)
        send({ id, result })
        return false
      },
      (error: unknown) => {
        calls.delete(id)
        const failure = asError(error)
        send({ id, error: failure })
        return failure.code === 'CANCELLED'
      },
    )
    calls.set(id, { controller, ended })
  }

  /** Answers when the other call has: only then is it certain that nothing of it appears later. */
  function cancel({ id, params }: Request): void {
    const controller = new AbortController()
    const answered = core.call('call.cancel', params, controller.signal).then(async () => {
      const target = (params as { id: CallId }).id
      const call = calls.get(target)
      if (!call || target === id) return false
      call.controller.abort(new ContractFailure('CANCELLED', 'This was stopped on request.'))
      return call.ended
    })
    const ended = answered.then(
      (cancelled) => {
        calls.delete(id)
        send({ id, result: { cancelled } })
        return false
      },
      (error: unknown) => {
        calls.delete(id)
        send({ id, error: asError(error) })
        return false
      },
    )
    calls.set(id, { controller, ended })
  }

  pipe.onMessage(receive)
  return {
    close() {
      open = false
      stopEvents()
      for (const call of calls.values()) {
        call.controller.abort(new ContractFailure('CANCELLED', 'The door was closed.'))
      }
      calls.clear()
    },
  }
}

interface Request {
  id: CallId
  method: string
  params: unknown
}

function readRequest(message: unknown): Request | { refused: string } {
  const value = typeof message === 'string' ? parseText(message) : message
  if (value === TOO_LONG) return { refused: 'A line of more than 8 MiB is not read.' }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { refused: 'Each line is one JSON object with id, method and params.' }
  }
  const { id, method, params } = value as { id?: unknown; method?: unknown; params?: unknown }
  if (typeof id !== 'string' && typeof id !== 'number') {
    return { refused: 'A call needs an id: a text or a number.' }
  }
  // A method that is not even a text is as unknown as one that does not exist, and its call has an id to answer to.
  return { id, method: typeof method === 'string' ? method : '', params: params ?? {} }
}

const TOO_LONG = Symbol('too long')

function parseText(text: string): unknown {
  if (text.length > MAX_MESSAGE) return TOO_LONG
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function invalid(id: CallId | null, message: string): object {
  return { id, error: asError(new ContractFailure('INVALID_REQUEST', message)) }
}

/** The core rejects with `ContractFailure` only; anything else is a fault of ours and says nothing about itself. */
function asError(error: unknown): ContractError & { details: ErrorDetails } {
  if (error instanceof ContractFailure) {
    const { code, reason, message, details } = error
    return { code, ...(reason !== undefined && { reason }), message, details }
  }
  return {
    code: 'INTERNAL',
    message: 'Something went wrong inside Duplex. Please try once more.',
    details: { retryable: true },
  }
}
