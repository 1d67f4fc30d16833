import { app } from 'electron'

/** The schemes of connection links: our own, and the one that all apps of this network share. flows.md 10 */
const SCHEMES = ['duplex', 'simplex'] as const
type Scheme = (typeof SCHEMES)[number]

/** Who opens links of a scheme on this computer: this program, another one by its name where the system tells it, nobody. */
export interface SchemeOwner {
  scheme: Scheme
  owner: 'us' | 'other' | 'nobody'
  /** Name of the other program; empty where the system does not tell. */
  name: string
}

/**
 * Our own scheme is taken at every start. The shared one is taken only from nobody: where another app of the network
 * has it, the person decides in the settings. A program that runs from its sources on Linux has no entry that the
 * system could start, and a folder given by `--data` is not where links of this computer should go.
 */
export function registerSchemes(dataGiven: boolean): void {
  if (dataGiven || !canRegister()) return
  for (const { scheme, owner } of schemeOwners()) {
    if (scheme === 'duplex' ? owner !== 'us' : owner === 'nobody') claim(scheme)
  }
}

export function schemeOwners(): SchemeOwner[] {
  const [path, args] = ourProgram()
  return SCHEMES.map((scheme) => {
    if (app.isDefaultProtocolClient(scheme, path, args)) return { scheme, owner: 'us', name: '' }
    const name = app.getApplicationNameForProtocol(`${scheme}://`)
    return { scheme, owner: name === '' ? 'nobody' : 'other', name: name.slice(0, 100) }
  })
}

/** What the person asked for; answers whether the system agreed. */
export function claimScheme(value: unknown): boolean {
  const scheme = SCHEMES.find((one) => one === value)
  return scheme !== undefined && canRegister() && claim(scheme)
}

function claim(scheme: Scheme): boolean {
  const [path, args] = ourProgram()
  return app.setAsDefaultProtocolClient(scheme, path, args)
}

function canRegister(): boolean {
  return app.isPackaged || process.platform !== 'linux'
}

/** From its sources, the program is Electron with a folder. */
function ourProgram(): [path: string, args: string[]] {
  return [process.execPath, app.isPackaged ? [] : [app.getAppPath()]]
}
