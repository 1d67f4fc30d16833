import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

/**
 * The one content policy of the window, in both hosts. Nothing inline, nothing evaluated, nothing from elsewhere:
 * whatever text a peer sends, it can neither run nor load anything.
 */
export const contentPolicy = [
  "default-src 'none'",
  // The reader of QR codes is wasm of our own; this allows to compile it, and no eval of text.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export interface PageFile {
  body: Uint8Array<ArrayBuffer>
  headers: Record<string, string>
}

/** Sent with every answer, refusals too. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), display-capture=(self)',
  'X-DNS-Prefetch-Control': 'off',
  'Cache-Control': 'no-store',
}

/**
 * The built file behind a path of the page, or null. Only plain names of known kinds inside `folder` are served;
 * a path with an empty, dotted or escaped segment names nothing, so there is no way out of the folder.
 */
export async function pageFile(folder: string, pathname: string): Promise<PageFile | null> {
  const path = pathname === '/' ? '/index.html' : pathname
  const type = types[extname(path)]
  if (type === undefined || !/^(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/.test(path)) return null
  try {
    const body = new Uint8Array(await readFile(join(folder, path)))
    return { body, headers: { ...pageHeaders, 'Content-Type': type } }
  } catch {
    return null
  }
}
