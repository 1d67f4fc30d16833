/**
 * The one family of errors that rooms throw on purpose. `code` is stable and is what callers test;
 * `message` is for developers; `facts` must be safe to log: lengths, versions, states, never keys, links, names or texts.
 */
export type Facts = Readonly<Record<string, string | number | boolean | null>>

export class AppError extends Error {
  readonly code: string
  readonly facts: Facts

  constructor(code: string, message: string, facts: Facts = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
    this.facts = facts
  }
}

/** The `default` arm of an exhaustive switch: a new state then fails to compile. */
export function unreachable(value: never): never {
  throw new AppError('internal.unreachable', 'a state that cannot be', { kind: typeof value })
}

export function isAppError(error: unknown, code?: string): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code)
}
