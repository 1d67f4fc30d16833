/** The desktop window: one object from the preload, envelopes both ways and a handful of shell requests. */
import { Emitter } from '#core/base'
import type { Host, SchemeOwner } from './host.ts'
import { ContractClient } from './contract-client.ts'
import { mediaAbilities, webMedia } from './media.ts'
import { webPapers } from './papers.ts'
import { systemName } from './system.ts'
import { focused, onFocus } from './window-focus.ts'
import { keep, kept, recall, remember } from './window-memory.ts'

export interface PreloadBridge {
  send(message: unknown): void
  onMessage(fn: (message: unknown) => void): () => void
  host(request: { type: string; [field: string]: unknown }): Promise<unknown>
}

export function createElectronHost(bridge: PreloadBridge, mac: boolean): Host {
  const client = new ContractClient((message) => bridge.send(message))
  const lost = new Emitter<void>()
  const back = new Emitter<void>()
  const cameBack = new Emitter<void>()
  bridge.onMessage((message) => {
    const said = shellWord(message)
    if (said === 'coreLost') {
      client.lost()
      lost.emit()
    } else if (said === 'coreBack') back.emit()
    else if (said === 'windowBack') cameBack.emit()
    else client.receive(message)
  })
  const ask = (request: { type: string; [field: string]: unknown }): void =>
    void bridge.host(request).catch(() => undefined)
  return {
    kind: 'electron',
    abilities: { folder: true, schemes: true, readText: true, notifications: true, ...mediaAbilities() },
    mac,
    system: systemName(),
    ...webMedia,
    ...webPapers,
    saveFile: async (name, file) => (await bridge.host({ type: 'saveFile', name, file })) === true,
    call: (method, params, signal) => client.call(method, params, signal),
    onEvent: (fn) => client.events.on(fn),
    onReconnect: (fn) => back.on(fn),
    onLost: (fn) => lost.on(fn),
    onRefused: () => () => undefined,
    onCameBack: (fn) => cameBack.on(fn),
    async folder(deed) {
      const answer = await bridge.host({ type: 'folder', deed })
      return typeof answer === 'string' ? answer : null
    },
    copyText: async (text) => void (await bridge.host({ type: 'copyText', text })),
    readText: async () => String((await bridge.host({ type: 'readText' })) ?? ''),
    mailDraft: async ({ subject, body }) =>
      (await bridge.host({ type: 'mailDraft', subject, body })) === true,
    openExternal: async (url) => (await bridge.host({ type: 'openExternal', url })) === true,
    notify: (notification) => ask({ type: 'notify', ...notification }),
    clearNotification: (notificationId) => ask({ type: 'clearNotification', notificationId }),
    onNotificationClick: (fn) => client.clicks.on(fn),
    giveMenuWords: (words) => ask({ type: 'menuWords', words }),
    linkSchemes: async () => (await bridge.host({ type: 'linkSchemes' })) as SchemeOwner[],
    claimScheme: async (scheme) => (await bridge.host({ type: 'claimScheme', scheme })) === true,
    setTitle: () => undefined,
    focused,
    onFocus,
    remember,
    recall,
    keep,
    kept,
  }
}

function shellWord(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'host' in message ? message.host : null
}
