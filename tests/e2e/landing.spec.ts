import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import jsQR from 'jsqr'
import { PNG } from './png.ts'
import { root, startProgram, type Program } from './programs.ts'
import { expect, test } from './world.ts'

/* Links of agent.md 5.1 and 5.4: the part after the `#`. */

const KEY = 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s'
const QUEUE = `smp%3A%2F%2F${KEY}%3D%40smp.example.org%2Fzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N%23%2F%3Fv%3D1-4%26dh%3DMCowBQYDK2VuAyEA9bLW5g-Ud-MQwpgtqqbJE2wQihd3xZR-RI-jfWgXRVc%253D%26q%3D`
const E2E =
  'v%3D2-3%26x3dh%3DMEIwBQYDK2VvAzkAEv526mrt7HpnNeXIY6eVSFz-usO4wc20zLJL461iemXNZFUeRt-NlTbCOaI3x56hFygmEdQPI90%3D%2CMEIwBQYDK2VvAzkAz9rCfJFTHXMIzI4hUDicHgp-o69wiG0IIlJGlbXT4cCw9Ho8XqsJMmwPp9qtjM_g0nvQ4zQEahs%3D'
const INVITATION = `#/?v=2-7&smp=${QUEUE}m%26k%3Ds&e2e=${E2E}`
const CONTACT = `#/?v=2-7&smp=${QUEUE}c`
const SHORT_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const SHORT_INVITATION = `#7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v/${SHORT_KEY}`
const SHORT_ADDRESS = `#${SHORT_KEY}?p=5223&c=${KEY}`

let relay: Program
let web: string

test.beforeAll(async ({}, testInfo) => {
  const folder = testInfo.outputPath('landing')
  const args = [
    '--data',
    join(folder, 'relay'),
    '--web-port',
    '0',
    '--download',
    'https://example.org/duplex',
  ]
  relay = await startProgram('relay.ts', args, 'relay.ready', join(folder, 'relay.log'))
  web = String(relay.ready['web'])
})

test.afterAll(() => relay.stop())

interface Opened {
  page: Page
  /** Every URL that the browser asked for, with headers that could carry an address. */
  requests: string[]
  said: string[]
}

async function open(browser: Browser, url: string, javaScriptEnabled = true): Promise<Opened> {
  const context = await browser.newContext({ javaScriptEnabled })
  const page = await context.newPage()
  const requests: string[] = []
  const said: string[] = []
  page.on('request', (request) => requests.push(`${request.url()} ${JSON.stringify(request.headers())}`))
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  await page.goto(url)
  return { page, requests, said }
}

async function codeOn(page: Page): Promise<string | undefined> {
  const { width, height, pixels } = PNG(await page.locator('#qr').screenshot({ scale: 'device' }))
  return jsQR(pixels, width, height)?.data
}

test('LND-1: button and code carry the fragment, and no request has any part of it', async ({ browser }) => {
  const url = `${web}/invitation${INVITATION}`
  const { page, requests, said } = await open(browser, url)
  const button = page.getByRole('link', { name: 'Open in Duplex' })
  await expect(button).toHaveAttribute('href', `duplex:/invitation${INVITATION}`)
  await page.setViewportSize({ width: 1280, height: 800 })
  expect(await codeOn(page)).toBe(url)
  await page.getByText('What can a relay see?').click()
  expect(requests.map((request) => request.split(' ')[0]?.split('#')[0])).toEqual([`${web}/invitation`])
  for (const part of ['x3dh', 'smp.example', KEY]) {
    expect(requests.filter((request) => (request.split('#')[0] ?? '').includes(part))).toEqual([])
    expect(said.join()).not.toContain(part)
    expect(await page.title()).not.toContain(part)
  }
  expect(said).toEqual([])
  expect(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual([
    '',
    0,
    0,
  ])
})

test('LND-1: what reaches the server is the path alone', async ({ browser }) => {
  const { createServer } = await import('node:http')
  const body = await (await fetch(`${web}/contact`)).text()
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`)
    response.setHeader('Content-Type', 'text/html').end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { page } = await open(browser, `http://127.0.0.1:${port}/contact${CONTACT}`)
  await expect(page.getByRole('heading', { name: 'Connect to this address' })).toBeVisible()
  await page.reload()
  server.close()
  server.closeAllConnections()
  expect(heard.length).toBeGreaterThan(1)
  for (const request of heard) expect(request).not.toMatch(/smp|example\.org|v=2/)
})

test('LND-1: Copy link gives the same link, and another link in the same tab changes everything', async ({
  browser,
}) => {
  const { page } = await open(browser, `${web}/i${SHORT_INVITATION}`)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy link' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Link copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${web}/i${SHORT_INVITATION}`)
  const button = page.getByRole('link', { name: 'Open in Duplex' })
  // In the app there is no address bar that names the relay.
  await expect(button).toHaveAttribute('href', `duplex:/i${SHORT_INVITATION}?h=127.0.0.1`)
  const other = SHORT_INVITATION.replace('AAEC', 'BBEC')
  await page.evaluate((hash) => location.assign(hash), other)
  await expect(button).toHaveAttribute('href', `duplex:/i${other}?h=127.0.0.1`)
})

test('LND-2: without JavaScript the steps are readable and say what to do with the address bar', async ({
  browser,
}) => {
  const { page } = await open(browser, `${web}/invitation${INVITATION}`, false)
  await expect(page.getByRole('listitem')).toHaveCount(3)
  const steps = page.getByRole('list')
  await expect(steps).toContainText('address bar of your browser')
  await expect(steps).toContainText('paste it into Duplex')
  await expect(page.locator('#lead')).toContainText('works for one person')
  await expect(page.locator('#lead')).toContainText('anyone who has it')
  await expect(page.getByRole('button')).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Open in Duplex' })).toHaveCount(0)
  await page.screenshot({ path: shot('no-script') })
})

test('a page that was told where Duplex is offered has a button that leads there, and no other words', async ({
  browser,
}) => {
  const { page } = await open(browser, `${web}/i${SHORT_INVITATION}`)
  await expect(page.getByRole('link', { name: 'Get Duplex' })).toHaveAttribute(
    'href',
    'https://example.org/duplex',
  )
  await expect(page.locator('#where')).toHaveCount(0)
})

test('LND-3: without a link, or with a broken one, a friendly explanation and no dead button', async ({
  browser,
}) => {
  const broken = [
    '/invitation',
    '/invitation#',
    `/invitation${INVITATION.slice(0, 40)}`,
    `/contact${INVITATION}`,
    `/i${SHORT_INVITATION.slice(0, -5)}`,
    '/a#%00%ff',
    '/i#<img src=x onerror=alert(1)>',
  ]
  const { page, said } = await open(browser, `${web}/a`)
  for (const path of broken) {
    await page.goto('about:blank')
    await page.goto(`${web}${path}`)
    await expect(page.getByRole('heading', { name: 'There is no link here' })).toBeVisible()
    await expect(page.getByRole('button')).toHaveCount(0)
    await expect(page.getByRole('link')).toHaveCount(0)
  }
  expect(said).toEqual([])
  await page.screenshot({ path: shot('broken') })
})

test('LND-4: Open without an answer reveals help after a while and leads nowhere', async ({ browser }) => {
  const { page } = await open(browser, `${web}/contact${CONTACT}`)
  // Chromium would ask the system for a program; what counts here is what the page does.
  await page.evaluate(() => document.addEventListener('click', (event) => event.preventDefault(), true))
  await expect(page.getByText('Not installed yet?')).toBeHidden()
  await page.getByRole('link', { name: 'Open in Duplex' }).click()
  await expect(page.getByText('Not installed yet?')).toBeVisible()
  expect(page.url()).toBe(`${web}/contact${CONTACT}`)
})

for (const [name, path] of [
  ['invitation', `/invitation${INVITATION}`],
  ['address', `/a${SHORT_ADDRESS}`],
  ['broken', '/i'],
] as const)
  test(`LND-5: ${name}: no accessibility finding, no sideways scrolling at 320 px, light and dark`, async ({
    browser,
  }) => {
    const { page } = await open(browser, `${web}${path}`)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 800 })
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join()}`),
        ).toEqual([])
        const [inner, needed] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth])
        expect(needed).toBe(inner)
        await page.screenshot({ path: shot(`${name}-${width}-${colorScheme}`), fullPage: true })
      }
    }
  })

test('LND-9: both kinds say whom the link is for, whatever form it has', async ({ browser }) => {
  const one = ['You were invited to connect', 'works for one person'] as const
  const anyone = ['Connect to this address', 'Anyone who has this link'] as const
  const kinds = [
    [`/invitation${INVITATION}`, one],
    [`/i${SHORT_INVITATION}`, one],
    [`/contact${CONTACT}`, anyone],
    [`/a${SHORT_ADDRESS}`, anyone],
  ] as const
  for (const [path, [heading, words]] of kinds) {
    const { page } = await open(browser, `${web}${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
    await expect(page.locator('#lead')).toContainText(words)
    await page.context().close()
  }
})

test('the file works from disk as well', async ({ browser, folder }) => {
  const file = join(folder, 'connect.html')
  copyFileSync(join(root, 'dist/landing/index.html'), file)
  const { page, requests, said } = await open(browser, `${pathToFileURL(file).href}${CONTACT}`)
  await expect(page.getByRole('heading', { name: 'Connect to this address' })).toBeVisible()
  const button = page.getByRole('link', { name: 'Open in Duplex' })
  await expect(button).toHaveAttribute('href', `duplex:/contact${CONTACT}`)
  expect(await codeOn(page)).toBe(`simplex:/contact${CONTACT}`)
  expect(requests).toHaveLength(1)
  expect(said).toEqual([])
  // nobody told this copy where Duplex is offered, so it says in words where an app is to be had
  await expect(page.locator('#where')).toContainText('ask the person who sent you the link')
  await expect(page.locator('#where')).toContainText('simplex.chat')
})

function shot(name: string): string {
  return join(root, 'test-results', 'landing', `${name}.png`)
}
