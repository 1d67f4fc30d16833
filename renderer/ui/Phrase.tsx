import { t } from '../i18n/index.ts'
import type { MessageKey } from '../i18n/index.ts'
import { Name } from './Name.tsx'

// Unicode OBJECT REPLACEMENT CHARACTER: a place for something that is no text; no name of ours holds it
const PLACE = '\uFFFC'

/** A sentence of the catalogue around somebody's name (`{name}`), the name kept apart so that it turns nothing round. */
export function Phrase({ id, name }: { id: MessageKey; name: string }) {
  const [before, ...after] = t(id, { name: PLACE }).split(PLACE)
  return (
    <>
      {before}
      {after.length > 0 && <Name>{name}</Name>}
      {after.join('')}
    </>
  )
}
