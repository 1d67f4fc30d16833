import { ensureBuilt } from '../../main/built.ts'
import { root } from './programs.ts'

/** The tests run what `npm start` runs, so it is built the same way. */
export default function build(): Promise<void> {
  return ensureBuilt(root)
}
