import { describe, expect, test } from 'vitest'
import type { Connection } from '../../../core/relay/connection.ts'
import { DEFAULT_LIMITS } from '../../../core/relay/constants.ts'
import { Account, Schedule } from '../../../core/relay/schedule.ts'

/** The schedule looks at nothing else of a connection. */
function aConnection(): Connection {
  return { account: new Account(DEFAULT_LIMITS) } as unknown as Connection
}

const block = (byte: number): Uint8Array => Uint8Array.of(byte)

/** Who has his turn, and which block, when each turn takes `time`. */
function turns(schedule: Schedule, count: number, time: (of: Connection) => number): [Connection, number][] {
  return Array.from({ length: count }, () => {
    const connection = schedule.next()!
    const taken = connection.account.blocks.shift()!
    schedule.spent(connection, time(connection))
    schedule.list(connection)
    return [connection, taken[0]!]
  })
}

describe('whose block is next', () => {
  test('blocks of one connection keep their order, and alike connections have their turns one after the other', () => {
    const schedule = new Schedule(DEFAULT_LIMITS)
    const [one, two] = [aConnection(), aConnection()]
    for (let i = 0; i < 3; i++) for (const each of [one, two]) schedule.add(each, block(i))
    const order = turns(schedule, 6, () => 0)
    expect(order.filter(([who]) => who === one).map(([, what]) => what)).toEqual([0, 1, 2])
    expect(order.filter(([who]) => who === two).map(([, what]) => what)).toEqual([0, 1, 2])
    expect(order.slice(0, 2).map(([who]) => who === one)).toEqual([true, false])
    expect([schedule.empty, schedule.next()]).toEqual([true, null])
  })

  test('who has taken much time waits for those who have not, and is not forgotten', () => {
    const schedule = new Schedule(DEFAULT_LIMITS)
    const [dear, cheap] = [aConnection(), aConnection()]
    for (let i = 0; i < 20; i++) schedule.add(dear, block(i))
    const [first] = turns(schedule, 1, () => 100)
    expect(first![0]).toBe(dear)
    for (let i = 0; i < 20; i++) schedule.add(cheap, block(i))
    const order = turns(schedule, 39, (who) => (who === dear ? 100 : 0.1)).map(([who]) => who === dear)
    expect(order.slice(0, 20)).toEqual(Array(20).fill(false))
    expect(order.slice(20)).toEqual(Array(19).fill(true))
  })

  test('somebody who comes into debt shares with others in debt by time, not by blocks', () => {
    const schedule = new Schedule(DEFAULT_LIMITS)
    const [dear, busy] = [aConnection(), aConnection()]
    for (let i = 0; i < 200; i++) for (const each of [dear, busy]) schedule.add(each, block(i))
    const order = turns(schedule, 120, (who) => (who === dear ? 20 : 2)).map(([who]) => who)
    const dearTurns = order.filter((who) => who === dear).length
    expect(dearTurns).toBeGreaterThan(5)
    expect(dearTurns).toBeLessThan(25)
  })
})
