import type { CodeFound, PictureRead } from './decode/types.ts'

/** The part of `CodeReader` that is used here. */
export interface PictureReader {
  picture(file: Blob): Promise<PictureRead>
  /** Ends what is being looked at. */
  close(): void
}

/** Pictures that are looked at in one go; a person who chose more will hardly mean all of them. */
const MOST_FILES = 10

/**
 * The codes of all the pictures, one picture after the other. Where none has a code, the last problem, if there was one.
 * `signal` ends the look at the one and leaves the others alone; the answer does not matter then.
 */
export async function readPictures(
  reader: PictureReader,
  files: readonly Blob[],
  signal: AbortSignal,
): Promise<PictureRead> {
  const end = (): void => reader.close()
  signal.addEventListener('abort', end, { once: true })
  let problem: PictureRead | null = null
  const codes: CodeFound[] = []
  for (const file of files.slice(0, MOST_FILES)) {
    if (signal.aborted) break
    const read = await reader.picture(file)
    if (read.ok) codes.push(...read.codes)
    else problem = read
  }
  signal.removeEventListener('abort', end)
  return codes.length === 0 && problem !== null ? problem : { ok: true, codes }
}
