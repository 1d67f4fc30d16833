import { expect, it } from 'vitest'
import type { SecurityCode } from '#core/contract'
import { codeRows, VerifyModel, wordRows } from '../../../renderer/features/verify/verify-model.ts'
import type { Host } from '../../../renderer/host/index.ts'

const CODE = '41077 92836 50214 77398 06651 28840 91357 44620 83915 20476 66093 15782 39504 87261 70338 49'

/** A core that knows one code. */
function coreWith(code: string): { host: Pick<Host, 'call'>; asked: unknown[] } {
  const asked: unknown[] = []
  let verifiedAt: string | null = null
  const call = async (method: string, params: { code?: string | null; how?: string }): Promise<unknown> => {
    asked.push([method, params.code, params.how])
    await Promise.resolve()
    if (method === 'contact.securityCode') {
      const state: SecurityCode['state'] = verifiedAt === null ? 'unverified' : 'verified'
      return { code, qr: code, verifiedAt, state, words: [] } satisfies SecurityCode
    }
    const matches = params.code === code
    verifiedAt = matches ? '2026-11-24T10:00:00.000Z' : params.code === null ? null : verifiedAt
    return { matches, verifiedAt, reason: matches || params.code === null ? null : 'different' }
  }
  return { host: { call } as unknown as Pick<Host, 'call'>, asked }
}

it('VER-1: the code stands in rows of four groups, lettered, all digits in their order', () => {
  const rows = codeRows(CODE)
  expect(rows.map(({ letter }) => letter)).toEqual(['A', 'B', 'C', 'D'])
  expect(rows.flatMap(({ groups }) => groups).join(' ')).toBe(CODE)
  expect(rows[3]?.spoken).toBe('3 9 5 0 4, 8 7 2 6 1, 7 0 3 3 8, 4 9')
  expect(codeRows('')).toEqual([])
})

it('VER-9: 24 words stand in six rows of four', () => {
  const words = Array.from({ length: 24 }, (_, at) => `word${String(at)}`)
  expect(wordRows(words).map(({ groups }) => groups.length)).toEqual([4, 4, 4, 4, 4, 4])
  expect(wordRows(words).flatMap(({ groups }) => groups)).toEqual(words)
})

it('VER-4: They match sends the code as it was shown, by hand; clearing sends none', async () => {
  const { host, asked } = coreWith(CODE)
  const model = new VerifyModel(host, 'c')
  await model.load()
  expect(await model.match()).toBe(true)
  expect(asked).toContainEqual(['contact.verify', CODE, 'hand'])
  expect(model.state).toMatchObject({ code: { state: 'verified' }, busy: null, reason: null })
  expect(await model.clear()).toBe(false)
  expect(model.state).toMatchObject({ code: { state: 'unverified' }, reason: null })
})

it('VER-3: a pasted code that differs is kept in the field with its reason, until it is changed', async () => {
  const { host, asked } = coreWith(CODE)
  const model = new VerifyModel(host, 'c')
  await model.load()
  model.setPasted('12345')
  expect(await model.compare()).toBe(false)
  expect(asked).toContainEqual(['contact.verify', '12345', 'paste'])
  expect(model.state).toMatchObject({ pasted: '12345', reason: 'different', code: { state: 'unverified' } })
  model.setPasted(CODE)
  expect(model.state.reason).toBeNull()
  expect(await model.compare()).toBe(true)
  expect(model.state).toMatchObject({ pasted: '', code: { state: 'verified' } })
})

it('a core that does not answer leaves what was typed', async () => {
  const host = { call: () => Promise.reject(new Error('gone')) } as unknown as Pick<Host, 'call'>
  const model = new VerifyModel(host, 'c')
  model.setPasted('1')
  expect(await model.compare()).toBe(false)
  expect(model.state).toMatchObject({ pasted: '1', busy: null })
  expect(model.state.error).not.toBeNull()
})
