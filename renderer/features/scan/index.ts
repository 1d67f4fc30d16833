/**
 * scan: reads QR codes from a camera, an image, the clipboard, a drop or the screen, for links, security codes and
 * server addresses. It connects to nothing and keeps no picture; what a code means is the core's word (`link.parse`).
 * Pixels are looked at in a worker (`decode/`). Start at `Scanner.tsx`, then `scanner-model.ts`.
 */
export { Scanner } from './Scanner.tsx'
export type { ScannerHandle } from './Scanner.tsx'
export { ScanDialog } from './ScanDialog.tsx'
export { DropToConnect } from './DropToConnect.tsx'
export { ScanServer } from './ScanServer.tsx'
export { connectByPicture, linksInPictures } from './connect-by-picture.ts'
export { useDrop } from './use-drop.ts'
export { carried, useIntake } from './use-intake.ts'
export type { Carried } from './use-intake.ts'
