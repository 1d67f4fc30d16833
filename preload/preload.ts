import { contextBridge, ipcRenderer } from 'electron'

/**
 * The page's only way out: one object, no logic. `main/electron/ipc.ts` has the other end and checks who asks.
 * Messages that arrive before the page listens are kept for its first listener.
 */
type Listener = (message: unknown) => void

const listeners = new Set<Listener>()
const early: unknown[] = []

ipcRenderer.on('duplex:tell', (_event, message: unknown) => {
  if (listeners.size === 0) early.push(message)
  else for (const listener of listeners) listener(message)
})

contextBridge.exposeInMainWorld('duplex', {
  send(message: unknown): void {
    void ipcRenderer.invoke('duplex:ask', 'core', message)
  },
  onMessage(listener: Listener): () => void {
    listeners.add(listener)
    for (const message of early.splice(0)) listener(message)
    return () => listeners.delete(listener)
  },
  host(request: unknown): Promise<unknown> {
    return ipcRenderer.invoke('duplex:ask', 'host', request)
  },
})
