import { defineConfig } from '@playwright/test'
import e2e from '../../e2e/playwright.config.ts'

/** The window as it is, measured from inside: one at a time, and nobody waits for it. */
export default defineConfig({
  ...e2e,
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: '../../../test-results/bench',
  globalSetup: '../../e2e/build.ts',
  workers: 1,
  timeout: 900_000,
  reporter: 'line',
})
