/**
 * app: puts the rooms together and carries out the contract. It holds no protocol and no SQL: a method checks what it was
 * given, runs one use case of the chat room in one transaction, and shows the rows. Start reading at `core.ts` for the
 * wiring, at `methods/index.ts` for what can be asked, at `publish.ts` for what is told.
 */
export { createCore } from './core.ts'
export type { Core, CoreDeps } from './core.ts'
