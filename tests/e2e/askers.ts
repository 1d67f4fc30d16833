import { person as headless, type Person as Asker } from '../tools/people.ts'
import type { World } from './world.ts'

/** People at the other end of the contract, where a window would add nothing. End them with `endAll`. */

export type { Asker }

export const asker = (world: World, name: string): Promise<Asker> => headless(name, [world.relay.address])

export async function askAt(who: Asker, link: string, message?: string): Promise<string> {
  const params = { link, ...(message !== undefined && { message }) }
  return (await who.core.call('connection.connect', params)).connectionId
}

/** Who withdraws and asks anew is somebody new for the owner. */
export async function askManyTimes(who: Asker, link: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const connectionId = await askAt(who, link, `number ${n}`)
    await who.core.call('connection.delete', { connectionId })
  }
}
