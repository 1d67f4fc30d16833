import { defineConfig } from '@playwright/test'

const report = process.env['DUPLEX_E2E_REPORT']
const browser = process.env['DUPLEX_CHROMIUM']

/**
 * Parts of Chromium that stay off. The popups of its address line are two pages of its own for every window, made ready
 * before anybody types there: three seconds of processor time for each person in a test. The others are those of Playwright's
 * list that matter here, since only the last switch of this name counts.
 */
const without = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'OptimizationHints',
  'PaintHolding',
]

/** Without these, Chromium asks its maker's hosts for things that no test wants. */
export const quiet = [
  `--disable-features=${without.join(',')}`,
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
]

/**
 * Every test has programs and folders of its own, and most of its time is waiting, so two run at a time where each has a
 * display of its own (`display.ts`); on a person's display the clipboard is one for all.
 */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  globalSetup: './build.ts',
  fullyParallel: true,
  workers: process.env['DUPLEX_XVFB'] === undefined ? 1 : 2,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: report === undefined ? [['list']] : [['list'], ['json', { outputFile: report }]],
  use: {
    launchOptions: {
      ...(browser === undefined ? {} : { executablePath: browser }),
      args: [...quiet, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    },
  },
})
