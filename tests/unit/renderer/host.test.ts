import { describe, expect, it } from 'vitest'
import type { ContractEvent } from '#core/contract'
import { CallError } from '../../../renderer/host/call-error.ts'
import { ContractClient } from '../../../renderer/host/contract-client.ts'

interface Sent {
  id: number
  method: string
  params: Record<string, unknown>
}

function aClient(): { client: ContractClient; sent: Sent[] } {
  const sent: Sent[] = []
  return { client: new ContractClient((message) => sent.push(message as Sent)), sent }
}

describe('the envelope in the window', () => {
  it('gives each answer to its own call, in whichever order they come', async () => {
    const { client, sent } = aClient()
    const app = client.call('app.get', {})
    const profile = client.call('profile.get', {})
    client.receive({ id: sent[1]?.id, result: null })
    client.receive({ id: sent[0]?.id, result: { version: '1' } })
    await expect(profile).resolves.toBeNull()
    await expect(app).resolves.toEqual({ version: '1' })
  })

  it('rejects with code and details of the contract', async () => {
    const { client, sent } = aClient()
    const call = client.call('profile.create', { displayName: ' ' })
    client.receive({
      id: sent[0]?.id,
      error: { code: 'INVALID_PARAMS', message: 'm', details: { retryable: false, suggestion: 'x' } },
    })
    await expect(call).rejects.toMatchObject({ code: 'INVALID_PARAMS', details: { suggestion: 'x' } })
  })

  it('PLN-3: an aborted call is cancelled at the core and ends at once; its late answer shows nothing', async () => {
    const { client, sent } = aClient()
    const abort = new AbortController()
    const call = client.call('connection.plan', { link: 'x' }, abort.signal)
    abort.abort()
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(sent[1]).toMatchObject({ method: 'call.cancel', params: { id: sent[0]?.id } })
    client.receive({ id: sent[0]?.id, result: {} })
  })

  it('ends what is out when the door breaks, as something to try again', async () => {
    const { client } = aClient()
    const call = client.call('app.get', {})
    client.lost()
    await expect(call).rejects.toSatisfy((error) => error instanceof CallError && error.details.retryable)
  })

  it('passes events and notification clicks on and ignores everything else', () => {
    const { client } = aClient()
    const events: ContractEvent[] = []
    const clicks: string[] = []
    client.events.on((event) => events.push(event))
    client.clicks.on((id) => clicks.push(id))
    for (const noise of [null, 7, 'x', [], {}, { id: 99, result: 1 }]) client.receive(noise)
    client.receive({ event: 'connection.removed', data: { connectionId: 'k', rowId: 'r' } })
    client.receive({ host: 'notificationClick', notificationId: 'n1' })
    expect(events).toHaveLength(1)
    expect(clicks).toEqual(['n1'])
  })
})
