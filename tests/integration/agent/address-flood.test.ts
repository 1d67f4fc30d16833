import { beforeAll, expect, test, vi } from 'vitest'
import { isAppError, utf8 } from '#core/base'
import { cryptoReady } from '#core/crypto'
import { throwAt } from '../../unit/agent/address-tools.ts'
import { until } from '../../unit/agent/party.ts'
import { makeRealWorld } from './world.ts'

vi.setConfig({ testTimeout: 180_000 })
beforeAll(() => cryptoReady())

const MANY = 400
const AT_ONCE = 4

test('REQ-7: more requests from a script than the relay keeps come all, and once', async () => {
  await using world = makeRealWorld()
  const relay = await world.relay('relay')
  const owner = world.party('owner', relay).start()
  const script = world.party('script', relay).start()
  const link = await owner.openAddress()
  const invitation = await script.invite()
  await owner.kill()
  let refused = 0
  const request = async (number: number): Promise<void> => {
    for (;;) {
      try {
        await throwAt(script, link, {
          type: 'invitation',
          agentVersion: 7,
          link: invitation,
          connInfo: utf8(`request ${number}`),
        })
        return
      } catch (error) {
        if (!isAppError(error, 'relay.refused')) throw error
        refused += 1
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }
  let next = 0
  const work = async (): Promise<void> => {
    while (next < MANY) await request(next++)
  }
  const sending = Promise.all(Array.from({ length: AT_ONCE }, work))
  await until(() => refused > 0)
  owner.start()
  await sending
  await until(() => owner.requests.length === MANY)
  expect(new Set(owner.details('request')).size).toBe(MANY)
  expect(owner.details('request')).toHaveLength(MANY)
  expect(owner.details('undecryptable')).toEqual([])
})
