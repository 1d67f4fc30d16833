import { displayLine, profileForDisplay, requireConnection, requireProfile } from '#core/chat'
import type { Params } from '#core/contract'
import { ContractFailure } from '#core/contract'
import { reachOf } from '#core/protocol'
import {
  type ConnectionRecord,
  listAllAddresses,
  listOwnProfiles,
  listPendingConnections,
  type ReadDb,
} from '#core/store'
import type { AppContext, MethodTable } from '../app-context.ts'
import { checkLink, foundIn } from '../link-check.ts'
import { type PageCard, printablePage } from '../link-image/page.ts'
import { type CardWords, cardPicture, codePicture } from '../link-image/pictures.ts'
import { toPng } from '../link-image/png.ts'

export const linkMethods: MethodTable<'link.parse' | 'link.image'> = {
  'link.parse': (_app, { text }) => foundIn(text),
  'link.image': async (app, params) => ({ dataUri: await imageOf(app, params) }),
}

/** Pixels along one side: the least of a saved picture, and the most that anybody prints. api.md, `link.image` */
const LEAST_PIXELS = 1_024
const MOST_TITLE = 100 // code points, ours: one line of a card

async function imageOf(app: AppContext, params: Params<'link.image'>): Promise<string> {
  const { style, format, size } = params
  if (style === 'page') {
    return dataUri('text/html;charset=utf-8', printablePage(app.store.read((db) => pageCards(db, params))))
  }
  const link = linkOf(params.link)
  const pixels = Math.max(LEAST_PIXELS, size ?? 0)
  const svg =
    style === 'code'
      ? codePicture(link, pixels)
      : cardPicture(
          link,
          app.store.read((db) => wordsOf(db, link, params.title)),
          pixels,
        )
  return format === 'png' ? dataUri('image/png', await toPng(svg)) : dataUri('image/svg+xml', svg)
}

function dataUri(type: string, content: string | Uint8Array): string {
  return `data:${type};base64,${Buffer.from(content).toString('base64')}`
}

function linkOf(text: string | undefined): string {
  if (text !== undefined) return checkLink(text).text
  throw new ContractFailure('INVALID_PARAMS', '"link" is missing.', { path: 'link' })
}

/** One card for each link; without ids, for the one link. */
function pageCards(db: ReadDb, { link, connectionIds, title }: Params<'link.image'>): PageCard[] {
  if (connectionIds === undefined) {
    const text = linkOf(link)
    return [{ link: text, label: ownConnection(db, text)?.alias ?? null, ...wordsOf(db, text, title) }]
  }
  return connectionIds.map((connectionId) => {
    const connection = requireConnection(db, connectionId)
    if (connection.link === null) {
      throw new ContractFailure('NOT_READY', 'One of these links cannot be given away any more.', {
        path: 'connectionIds',
        connectionId,
      })
    }
    return { link: connection.link, label: connection.alias, ...wordsOf(db, connection.link, title) }
  })
}

/** What is written beside a code. Who is incognito there is named only on purpose. flows.md 4, INV-12 */
function wordsOf(db: ReadDb, link: string, title: string | undefined): CardWords {
  const { link: parsed } = checkLink(link)
  const { kind } = parsed
  const name = title ?? ownName(db, link)
  return {
    kind: kind === 'invitation' ? 'invitation' : 'address',
    title: (name !== null && displayLine(name, MOST_TITLE)) || null,
    reach: reachOf(parsed.form === 'full' ? parsed.queues[0].server : parsed.server),
  }
}

/** The name that whoever uses this link is going to see; null where it is not ours or does not show the profile. */
function ownName(db: ReadDb, link: string): string | null {
  const connection = ownConnection(db, link)
  const address = listAllAddresses(db).find((one) => one.link === link)
  const shown = connection ? connection.incognitoName === null : address && address.autoAccept !== 'incognito'
  const owner = connection ?? address
  return shown && owner ? profileForDisplay(requireProfile(db, owner.profileId)).displayName : null
}

/** Of whatever profile. */
function ownConnection(db: ReadDb, link: string): ConnectionRecord | undefined {
  for (const { profileId } of listOwnProfiles(db)) {
    const found = listPendingConnections(db, profileId).find((one) => one.link === link)
    if (found) return found
  }
  return undefined
}
