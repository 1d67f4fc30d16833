import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/* The built landing page: one file, dist/landing/index.html, which works from any web host and from disk as well. */

export const PAGE = 'dist/landing/index.html'
/** What the page says of getting the app where it is told no address; a button takes its place. */
const NO_DOWNLOAD = /<!-- no download -->.*<!-- \/no download -->/s

/** Builds it where that is needed. `policy` is the one that the page carries itself. */
export async function landingPage(
  root: string,
  download: string | null,
): Promise<{ html: string; policy: string }> {
  await ensurePage(root)
  const html = readFileSync(join(root, PAGE), 'utf8')
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1]
  if (policy === undefined) throw new Error('the landing page carries no content policy')
  if (!NO_DOWNLOAD.test(html)) throw new Error('the landing page has no place for a download')
  return {
    html: download === null ? html : html.replace(NO_DOWNLOAD, () => downloadButton(download)),
    policy,
  }
}

function downloadButton(download: string): string {
  const href = new URL(download).href.replaceAll('&', '&amp;').replaceAll('"', '%22')
  return `<p class="actions"><a class="button small" rel="noreferrer" href="${href}">Get Duplex</a></p>`
}

/** In a process of its own: the tools that build have no place in a relay. A package has the page and no sources. */
async function ensurePage(root: string): Promise<void> {
  const builder = join(root, 'main/landing/build.ts')
  const page = join(root, PAGE)
  const built = existsSync(page)
  if (built && statSync(page).mtimeMs > newestSource(root)) return
  const child = spawn(process.execPath, [builder], { cwd: root, stdio: ['ignore', 2, 2] })
  const code = await new Promise<number | null>((resolve) =>
    child.once('error', () => resolve(null)).once('exit', resolve),
  )
  if (code !== 0 && !built) throw new Error('the landing page is not built: npm run build makes it')
}

function newestSource(root: string): number {
  const folder = join(root, 'main/landing')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(...names.map((name) => statSync(join(folder, name)).mtimeMs))
}
