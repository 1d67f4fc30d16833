import { join } from 'node:path'
import { troubleText, type Installation } from '#core/app'
import { EXIT_FOLDER_IN_USE, exitCodeOfState } from '../shared/exit-codes.ts'
import { serveDoor } from '../shared/door.ts'
import { stderrLog } from '../shared/log-sink.ts'
import { mustExist, type HostOptions } from '../shared/options.ts'
import { openCore } from '../shared/open-core.ts'
import { stopOnRequest } from '../shared/stop.ts'
import { askForAddress, offerAddresses } from './again.ts'
import { keepPort, keptPort } from './kept-port.ts'
import { PageKeys } from './keys.ts'
import { openInBrowser } from './opener.ts'
import { servePage, type PagePipe, type PageServer } from './server.ts'

/** The browser host: the same core and the same page, on loopback, for one person with the address. */
export async function serveBrowser(root: string, options: HostOptions): Promise<void> {
  // Whatever is written belongs to the owner of the folder alone.
  process.umask(0o077)
  const core = await openCore({
    ...options,
    mustExist: mustExist(options),
    log: stderrLog().child('core'),
  })
  if (core.trouble !== null) process.stderr.write(`${troubleText(core.trouble.cause)}\n`)
  if (core.trouble?.state === 'in-use') {
    await core.stop()
    await openRunning(options)
    process.exit(EXIT_FOLDER_IN_USE)
  }
  await serve(root, options, core)
}

/** The window of the host that runs already. */
async function openRunning({ dataDir, open }: HostOptions): Promise<void> {
  const url = await askForAddress(dataDir)
  if (url === null) return
  process.stderr.write(`It is open in a browser. A new address, which opens once: ${url}\n`)
  if (open) openInBrowser(url, dataDir)
}

async function serve(root: string, options: HostOptions, core: Installation): Promise<void> {
  const keys = new PageKeys()
  // Waits for a page that can show what comes of it; the core has the next word.
  let link = options.link
  let closeOpener = (): void => undefined

  function servePipe(pipe: PagePipe, nextKey: string): void {
    closeOpener()
    // As on stdio, the door opens with who is there; a page that comes back learns that it has to read again.
    pipe.send({ event: 'app.ready', data: core.ready })
    pipe.send({ host: 'key', key: nextKey })
    const door = serveDoor(core, pipe)
    pipe.onClose(() => door.close())
    if (link === null) return
    const text = link
    link = null
    core.call('app.openLink', { text }, new AbortController().signal).catch(() => undefined)
  }

  const server = await listen(root, options, keys, servePipe).catch(async (error: unknown) => {
    await core.stop()
    throw error
  })
  // A folder that cannot be used as it is stays as it is.
  if (options.port === 0 && core.trouble === null) keepPort(options.dataDir, server.port)
  const address = (): string => `http://127.0.0.1:${server.port}/#token=${keys.once()}`
  const endOffer = await offerAddresses(options.dataDir, address)
  stopOnRequest(
    async () => {
      closeOpener()
      endOffer()
      await server.close()
      await core.stop()
    },
    () => exitCodeOfState(core.trouble?.state ?? 'ready'),
    'pipes',
  )

  const url = address()
  // For whoever has no terminal; Windows has no such signal.
  if (process.platform !== 'win32') process.on('SIGUSR2', another)
  if (process.stdin.isTTY) process.stdin.on('data', another)
  process.stdout.write(`${JSON.stringify({ event: 'host.ready', data: { url } })}\n`)
  process.stderr.write(`Duplex is open at ${url}\nThis address opens once.${anotherBy()}\n`)
  if (options.open) closeOpener = openInBrowser(url, options.dataDir)
  function another(): void {
    process.stderr.write(`A new address, which opens once: ${address()}\n`)
  }
}

function anotherBy(): string {
  return process.stdin.isTTY ? ' Enter makes another one; Ctrl+C ends Duplex.' : ''
}

/** Where nobody named one, the port of the last time, or else any. A port that is not to be had is said with the way out. */
async function listen(
  root: string,
  { port, dataDir }: HostOptions,
  keys: PageKeys,
  onPipe: (pipe: PagePipe, nextKey: string) => void,
): Promise<PageServer> {
  if (port === 0) {
    const folder = join(root, 'dist', 'renderer')
    const serve = (at: number): Promise<PageServer> => servePage({ folder, port: at, keys, onPipe })
    return serve(keptPort(dataDir) ?? 0).catch(() => serve(0))
  }
  try {
    return await servePage({ folder: join(root, 'dist', 'renderer'), port, keys, onPipe })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE')
      throw new Error(
        `Port ${port} is taken by another program. Choose another with --port, or leave it out.`,
        {
          cause: error,
        },
      )
    if (code === 'EACCES')
      throw new Error(`Port ${port} may not be used by this user. Choose one above 1023.`, { cause: error })
    throw error
  }
}
