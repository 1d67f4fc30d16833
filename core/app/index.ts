/**
 * app: puts the rooms together and carries out the contract. It holds no protocol and no SQL: a method checks what it was
 * given, runs one use case of the chat room in one transaction, and shows the rows. Start reading at `core.ts` for the
 * wiring, at `installation.ts` for what happens where the data folder cannot be used, at `methods/index.ts` for what can be asked, at `publish.ts` for what is told.
 */
export { openInstallation } from './installation.ts'
export type { Installation } from './installation.ts'
export { troubleText } from './trouble.ts'
