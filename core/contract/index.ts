/**
 * contract: the whole surface of the application core, as names, types and (in `schemas.ts`) checks at the border.
 * Served by three doors: Electron IPC, a WebSocket on loopback, JSON lines on stdio. Pure: it runs in a browser too.
 * Start reading at `methods.ts`; the nouns are in `types.ts`.
 */
export type * from './errors.ts'
export type * from './types.ts'
export { errorCodes } from './errors.ts'
export type { ContractEvent, EventName, Events, MethodName, Methods, Params, Result } from './methods.ts'
export { ContractFailure, isMethod, parseParams } from './schemas.ts'
