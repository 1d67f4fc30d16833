import { beforeEach, describe, expect, test } from 'vitest'
import {
  linkShowsName,
  RequestModel,
  sortRequests,
} from '../../../renderer/features/requests/request-model.ts'
import { requestLine } from '../../../renderer/features/chats/row-text.ts'
import { shortName } from '../../../renderer/i18n/index.ts'
import { FOLDED_ROW, filterRows, foldRequests, listRows } from '../../../renderer/state/index.ts'
import { aConnection, aContact, anAddress, aRequest } from './builders.ts'
import { ScriptedHost, refused, settle } from './scripted-host.ts'

const short = { link: 'simplex:/a#x', fullLink: 'simplex:/contact#x' }

describe('one request', () => {
  let host: ScriptedHost

  beforeEach(() => {
    host = new ScriptedHost()
  })

  test('REQ-2: the random name that is shown is the one that is used', async () => {
    host.answer('incognito.suggest', () => ({ incognitoId: 'i1', profile: { displayName: 'Amber Finch' } }))
    const model = new RequestModel(host, aRequest())
    await model.suggest()
    expect(model.state.suggested?.profile.displayName).toBe('Amber Finch')
    void model.accept(true)
    expect(host.last('request.accept').params).toEqual({
      requestId: 'q1',
      incognito: true,
      incognitoId: 'i1',
    })
  })

  test.each([
    [undefined, false],
    [anAddress(), false],
    [anAddress(short), true],
    [anAddress({ ...short, autoAccept: { incognito: false } }), true],
    [anAddress({ ...short, autoAccept: { incognito: true } }), false],
  ] as const)(
    'incognito comes late for whoever saw the name behind the link of the address %#',
    (address, shows) => {
      expect(linkShowsName(address)).toBe(shows)
    },
  )

  test('accepting as oneself says nothing of incognito', () => {
    void new RequestModel(host, aRequest()).accept(false)
    expect(host.last('request.accept').params).toEqual({ requestId: 'q1' })
  })

  test('REQ-5: a second press while the first is under way does nothing', async () => {
    const model = new RequestModel(host, aRequest())
    void model.accept(false)
    expect(await model.accept(true)).toBe(false)
    expect(await model.reject()).toBe(false)
    expect(host.calls).toHaveLength(1)
  })

  test('REQ-4: whoever asked is gone, and the request can be removed', async () => {
    const model = new RequestModel(host, aRequest())
    void model.accept(false)
    host.last('request.accept').reject(refused('REQUEST_GONE'))
    await settle()
    expect(model.state).toMatchObject({ gone: true, busy: null, error: null })
    host.answer('request.reject', () => ({}))
    expect(await model.reject()).toBe(true)
  })

  test('rejecting may also stop repeats', () => {
    void new RequestModel(host, aRequest()).reject(true)
    expect(host.last('request.reject').params).toEqual({ requestId: 'q1', ignoreRepeats: true })
  })
})

describe('requests among the rows', () => {
  const asked = (count: number): ReadonlyMap<string, ReturnType<typeof aRequest>> =>
    new Map(
      Array.from({ length: count }, (_, index) => {
        const n = String(index + 1)
        const updatedAt = `2026-11-24T10:${n.padStart(2, '0')}:00.000Z`
        return [
          `q${n}`,
          aRequest({
            requestId: `q${n}`,
            rowId: `rq${n}`,
            profile: { displayName: `Asker ${n}` },
            updatedAt,
          }),
        ]
      }),
    )

  test('one or two stand by themselves; three fold into one row at the place of the newest', () => {
    const contacts = new Map([['c1', aContact({ createdAt: '2026-11-24T10:02:30.000Z' })]])
    const two = foldRequests(listRows(new Map(), contacts, asked(2)))
    expect(two.map((row) => row.kind)).toEqual(['contact', 'request', 'request'])
    const three = foldRequests(listRows(new Map(), contacts, asked(3)))
    expect(three.map((row) => row.kind)).toEqual(['requests', 'contact'])
    expect(three[0]).toMatchObject({ rowId: FOLDED_ROW, requests: { length: 3 } })
  })

  test('REQ-7: two thousand are still one row', () => {
    expect(foldRequests(listRows(new Map(), new Map(), asked(2_000)))).toHaveLength(1)
  })

  test('a search finds a folded one by its name', () => {
    const rows = listRows(new Map(), new Map(), asked(5))
    expect(filterRows(rows, 'asker 4').map((row) => row.rowId)).toEqual(['rq4'])
  })

  test('an accepted request becomes the connection and then the contact in the same row', () => {
    const requests = new Map([['q1', aRequest({ rowId: 'r9' })]])
    const connection = aConnection({
      rowId: 'r9',
      kind: 'address',
      status: 'connecting',
      phase: 'connecting',
    })
    const connections = new Map([[connection.connectionId, connection]])
    expect(listRows(connections, new Map(), requests).map((row) => row.kind)).toEqual(['pending'])
    const contacts = new Map([['c1', aContact({ rowId: 'r9' })]])
    expect(listRows(connections, contacts, requests).map((row) => row.kind)).toEqual(['contact'])
  })

  test('ADR-11: the row says through which address they ask', () => {
    expect(requestLine(aRequest({ addressLabel: 'Website', message: null })).text).toContain('Website')
  })

  test('REQ-8: a name of 10,000 characters and one of many lines are shortened', () => {
    expect(shortName('x'.repeat(10_000)).length).toBeLessThan(200)
    expect(shortName('a\n\n\nb')).toBe('a b')
  })

  test('the list can be turned round', () => {
    const all = [...asked(3).values()]
    expect(sortRequests(all, false).map((one) => one.requestId)).toEqual(['q3', 'q2', 'q1'])
    expect(sortRequests(all, true).map((one) => one.requestId)).toEqual(['q1', 'q2', 'q3'])
  })
})
